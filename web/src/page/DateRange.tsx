// DateRange: a first and a last day, and presets that end with the data.
import {useId} from 'preact/hooks';
import type {Component} from '../api';
import {titleOf} from '../format';
import {parameters, set} from '../route';
import {Drawn} from '../ui/states';
import {text, usePage} from './context';

export function DateRange({component}: {component: Component}) {
  const {inputs} = usePage();
  const key = useId();
  const name = text(component, 'name') ?? '';
  const input = inputs[name];
  if (input?.error) return <Drawn text={input.error} />;
  const start = parameters.value.get(`${name}.start`) ?? input?.start ?? '';
  const end = parameters.value.get(`${name}.end`) ?? input?.end ?? '';
  const presets = input?.presets ?? [];
  const preset = presets.find(([, from, to]) => from === start && to === end)?.[0] ?? '';
  const change = (from: string, to: string) => {
    if (from && to) set({[`${name}.start`]: from <= to ? from : to, [`${name}.end`]: from <= to ? to : from});
  };
  return (
    <fieldset class="input range">
      <legend class="label">{text(component, 'title') ?? titleOf(name)}</legend>
      <div class="control" data-input={name}>
        <input type="date" aria-label="First day" id={`${key}-start`} value={start} min={input?.first} max={input?.last} onChange={(event) => change(event.currentTarget.value, end)} />
        <span aria-hidden="true">–</span>
        <input type="date" aria-label="Last day" value={end} min={input?.first} max={input?.last} onChange={(event) => change(start, event.currentTarget.value)} />
        {presets.length > 0 && (
          <select aria-label="Preset" value={preset} onChange={(event) => {
            const found = presets.find(([label]) => label === event.currentTarget.value);
            if (found) change(found[1], found[2]);
          }}>
            <option value="" disabled>Custom</option>
            {presets.map(([label]) => <option value={label}>{label}</option>)}
          </select>
        )}
      </div>
    </fieldset>
  );
}
