// Dropdown: a choice, or several, by mouse and by keyboard.
import {useEffect, useId, useLayoutEffect, useRef, useState} from 'preact/hooks';
import type {Component} from '../api';
import {titleOf} from '../format';
import {parameters, set} from '../route';
import {Drawn} from '../ui/states';
import {flag, text, usePage} from './context';

export function Dropdown({component}: {component: Component}) {
  const {inputs} = usePage();
  const name = text(component, 'name') ?? '';
  const input = inputs[name];
  const multiple = flag(component, 'multiple', false);
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(0);
  const [filter, setFilter] = useState('');
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const key = useId();
  const choices = input?.choices ?? [];
  // The address knows first; the server's answer follows.
  const given = parameters.value.getAll(name);
  const chosen = parameters.value.has(name) ? given.filter((value) => value !== '') : (input?.values ?? []);
  const wanted = filter.trim().toLowerCase();
  const shown = wanted ? choices.filter(([, label]) => label.toLowerCase().includes(wanted)) : choices;
  const title = text(component, 'title') ?? titleOf(name);
  const labels = chosen.map((value) => choices.find(([other]) => other === value)?.[1] ?? value);
  const long = choices.length > 8;

  useLayoutEffect(() => {
    if (!open) return;
    const outside = (event: Event) => !root.current?.contains(event.target as Node) && setOpen(false);
    document.addEventListener('pointerdown', outside);
    root.current?.querySelector<HTMLElement>(long ? 'input' : '[role=listbox]')?.focus();
    return () => document.removeEventListener('pointerdown', outside);
  }, [open]);
  useEffect(() => {
    if (open) document.getElementById(`${key}-${active}`)?.scrollIntoView({block: 'nearest'});
  }, [active, open]);

  const show = () => {
    setFilter('');
    setActive(Math.max(0, choices.findIndex(([value]) => value === chosen[0])));
    setOpen(true);
  };
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  const choose = (value: string) => {
    if (!multiple) {
      set({[name]: value});
      close();
      return;
    }
    const next = chosen.includes(value) ? chosen.filter((other) => other !== value) : [...chosen, value];
    set({[name]: next.length > 0 ? next : ''});
  };
  const onKey = (event: KeyboardEvent) => {
    const moves: Record<string, number> = {ArrowDown: active + 1, ArrowUp: active - 1, Home: 0, End: shown.length - 1};
    const to = moves[event.key];
    if (to !== undefined) {
      event.preventDefault();
      setActive(Math.min(shown.length - 1, Math.max(0, to)));
    } else if (event.key === 'Enter' || (event.key === ' ' && !long)) {
      event.preventDefault();
      if (shown[active]) choose(shown[active]![0]);
    } else if (event.key === 'Escape' || event.key === 'Tab') {
      if (event.key === 'Escape') event.preventDefault();
      close();
    } else if (!long && event.key.length === 1) {
      const found = shown.findIndex(([, label]) => label.toLowerCase().startsWith(event.key.toLowerCase()));
      if (found >= 0) setActive(found);
    }
  };
  if (input?.error) return <Drawn text={input.error} />;
  return (
    <div class="input dropdown" ref={root} onKeyDown={open ? onKey : undefined}>
      <span class="label" id={`${key}-label`}>{title}</span>
      <button type="button" ref={button} class="control" data-input={name} aria-haspopup="listbox" aria-expanded={open} aria-labelledby={`${key}-label ${key}-value`}
        onClick={() => (open ? close() : show())} onKeyDown={(event) => (event.key === 'ArrowDown' || event.key === 'ArrowUp') && !open && (event.preventDefault(), show())}>
        <span id={`${key}-value`} class="chosen">{labels.length > 2 ? `${labels.length} chosen` : labels.join(', ') || '–'}</span>
        <svg viewBox="0 0 10 6" aria-hidden="true"><path d="M1 1l4 4 4-4" /></svg>
      </button>
      {open && (
        <div class="popup">
          {long && <input type="text" placeholder="Find" aria-label={`Find in ${title}`} aria-controls={`${key}-list`} aria-activedescendant={`${key}-${active}`} value={filter}
            onInput={(event) => { setFilter(event.currentTarget.value); setActive(0); }} />}
          <ul role="listbox" id={`${key}-list`} tabIndex={long ? -1 : 0} aria-labelledby={`${key}-label`} aria-multiselectable={multiple} aria-activedescendant={`${key}-${active}`}>
            {shown.map(([value, label], i) => (
              <li role="option" id={`${key}-${i}`} key={value} aria-selected={chosen.includes(value)} class={i === active ? 'active' : ''} onPointerMove={() => setActive(i)} onClick={() => choose(value)}>
                <span class="check" aria-hidden="true">{chosen.includes(value) ? '✓' : ''}</span>{label}
              </li>
            ))}
            {shown.length === 0 && <li class="quiet">Nothing found</li>}
          </ul>
        </div>
      )}
    </div>
  );
}
