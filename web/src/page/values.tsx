// Values: one number, large or within a sentence.
import type {Component, Rows} from '../api';
import {format, titleOf} from '../format';
import {Drawn} from '../ui/states';
import {amount, columnIndex, flag, text, useQuery} from './context';

type Props = {component: Component; id: number};

function cell(rows: Rows, column: number, row: number, pattern?: string): string {
  const at = rows.columns[column];
  return at ? format(rows.data[column]?.[row], at.kind, pattern, at.name) : '';
}

export function Value({component, id}: Props) {
  const {value: rows, error, loading} = useQuery(component);
  if (error !== undefined) return <span class="failed" title={error}>error</span>;
  if (!rows) return <span class="quiet">…</span>;
  if (rows.problems[id]) return <span class="failed" title={rows.problems[id]}>no such column</span>;
  const name = text(component, 'column');
  return <span class={`value ${loading ? 'stale' : ''}`}>{cell(rows, name ? columnIndex(rows, name) : 0, amount(component, 'row') ?? 0, text(component, 'fmt'))}</span>;
}

export function BigValue({component, id}: Props) {
  const {value: rows, error, loading} = useQuery(component);
  const name = text(component, 'value') ?? '';
  const title = text(component, 'title') ?? titleOf(name);
  if (error !== undefined) return <Drawn text={error} />;
  if (rows?.problems[id]) return <Drawn text={rows.problems[id]} />;
  return (
    <figure class={`tile ${loading ? 'stale' : ''}`}>
      <figcaption>{title}</figcaption>
      <div class="number">{rows ? cell(rows, columnIndex(rows, name), 0, text(component, 'fmt')) : ' '}</div>
      {rows && <Comparison component={component} rows={rows} />}
      {rows && <Sparkline rows={rows} over={text(component, 'sparkline')} value={name} />}
    </figure>
  );
}

function Comparison({component, rows}: {component: Component; rows: Rows}) {
  const name = text(component, 'comparison');
  if (!name) return null;
  const column = columnIndex(rows, name);
  const value = Number(rows.data[column]?.[0]);
  const delta = flag(component, 'comparisonDelta', true);
  const good = value === 0 || (value > 0) !== flag(component, 'downIsGood', false);
  const shown = cell(rows, column, 0, text(component, 'comparisonFmt') ?? (delta ? 'pct1' : undefined));
  return (
    <div class={`comparison ${delta ? (good ? 'good' : 'bad') : ''}`}>
      {delta && <span aria-hidden="true">{value > 0 ? '▲ ' : value < 0 ? '▼ ' : ''}</span>}
      {shown} <span class="quiet">{text(component, 'comparisonTitle') ?? titleOf(name).toLowerCase()}</span>
    </div>
  );
}

function Sparkline({rows, over, value}: {rows: Rows; over?: string; value: string}) {
  const x = columnIndex(rows, over);
  const numbers = (rows.data[columnIndex(rows, value)] ?? []).map(Number);
  if (x < 0 || numbers.length < 2) return null;
  const low = Math.min(...numbers);
  const high = Math.max(...numbers);
  const points = numbers.map((item, i) => `${((i / (numbers.length - 1)) * 100).toFixed(1)},${(22 - ((item - low) / (high - low || 1)) * 20).toFixed(1)}`);
  return <svg class="sparkline" viewBox="0 0 100 24" preserveAspectRatio="none" aria-hidden="true"><polyline points={points.join(' ')} /></svg>;
}
