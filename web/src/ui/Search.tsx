// Search: one field for everything, opened with / or Ctrl-K.
import {signal} from '@preact/signals';
import {useEffect, useRef, useState} from 'preact/hooks';
import {ask, type Hit} from '../api';
import {entryAddress, go, pageAddress} from '../route';
import {TypeMark} from './TypeMark';

const open = signal(false);
export const openSearch = () => (open.value = true);

const addressOf = (hit: Hit) => (hit.page ? pageAddress(hit.page) : entryAddress(hit.id) + (hit.column ? `#column-${hit.column}` : ''));

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName));
}

export function SearchDialog() {
  const dialog = useRef<HTMLDialogElement>(null);
  const [query, setQuery] = useState('');
  const [hits, setHits] = useState<Hit[]>([]);
  const [active, setActive] = useState(0);
  // At once, not at the next paint: what is typed right after the key belongs into the field.
  const show = () => {
    if (dialog.current!.open) return;
    setQuery('');
    dialog.current!.showModal();
  };
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const slash = event.key === '/' && !typing(event.target) && !event.ctrlKey && !event.metaKey;
      const chord = event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey);
      if (!slash && !chord) return;
      event.preventDefault();
      show();
      open.value = true;
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
  const isOpen = open.value;
  useEffect(() => {
    // As it is now, not as it was drawn: a key press may have opened it again before this runs.
    if (open.value) show();
    else dialog.current!.close();
  }, [isOpen]);
  useEffect(() => {
    setActive(0);
    if (!query.trim()) {
      setHits([]);
      return;
    }
    const abort = new AbortController();
    ask<{hits: Hit[]}>(`/api/search?q=${encodeURIComponent(query)}`, abort.signal).then((answer) => setHits(answer.hits), () => {});
    return () => abort.abort();
  }, [query]);
  const take = (hit: Hit | undefined) => {
    if (!hit) return;
    dialog.current!.close();
    go(addressOf(hit));
  };
  // The browser tells of a closing later; by then the next key press may have opened the dialog again.
  const onClose = () => (open.value = dialog.current!.open);
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const to = Math.min(hits.length - 1, Math.max(0, active + (event.key === 'ArrowDown' ? 1 : -1)));
      setActive(to);
      document.getElementById(`hit-${to}`)?.scrollIntoView({block: 'nearest'});
    } else if (event.key === 'Enter') {
      event.preventDefault();
      take(hits[active]);
    }
  };
  return (
    <dialog class="search" ref={dialog} aria-label="Search" onClose={onClose} onClick={(event) => event.target === dialog.current && (open.value = false)}>
      <input type="text" role="combobox" aria-expanded={hits.length > 0} aria-controls="hits" aria-activedescendant={hits.length > 0 ? `hit-${active}` : undefined}
        placeholder="Search tables, columns, pages" autoFocus spellcheck={false} value={query} onInput={(event) => setQuery(event.currentTarget.value)} onKeyDown={onKey} />
      <ul id="hits" role="listbox" aria-label="Found">
        {hits.map((hit, i) => (
          <li role="option" id={`hit-${i}`} aria-selected={i === active} class={i === active ? 'active' : ''} onPointerMove={() => setActive(i)} onClick={() => take(hit)}>
            <TypeMark type={hit.column ? 'column' : hit.type} />
            <span class="hit-name">{hit.column ? <>{hit.column} <span class="quiet">in {hit.name}</span></> : hit.name}</span>
            <span class="hit-type quiet">{hit.column ? 'column' : hit.type}</span>
            {hit.excerpt && <span class="hit-text">{hit.excerpt}</span>}
          </li>
        ))}
      </ul>
      {query.trim() && hits.length === 0 && <p class="quiet nothing">Nothing found.</p>}
      <p class="keys quiet"><kbd>↑</kbd><kbd>↓</kbd> choose <kbd>↵</kbd> open <kbd>esc</kbd> close</p>
    </dialog>
  );
}
