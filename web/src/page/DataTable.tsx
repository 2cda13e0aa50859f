// DataTable: rows with sorting, searching and pages.
import {useMemo, useState} from 'preact/hooks';
import type {Cell, Component, Kind, Rows} from '../api';
import {format, titleOf} from '../format';
import {Drawn} from '../ui/states';
import {columnIndex, flag, text, useQuery, usePage} from './context';
import {Figure} from './Figure';

interface Shown {
  column: number;
  title: string;
  kind: Kind;
  name: string;
  fmt?: string;
  align?: string;
  content?: string;
  linkLabel?: string;
}
interface Order {
  column: number;
  down: boolean;
}

export function DataTable({component, id}: {component: Component; id: number}) {
  const {page} = usePage();
  const {value: rows, error, loading, csv} = useQuery(component);
  const [filter, setFilter] = useState('');
  if (error !== undefined) return <Drawn text={error} />;
  if (rows?.problems[id]) return <Drawn text={rows.problems[id]} />;
  const parts = component.children.map((child) => page.components[child]!).filter((child) => child.name === 'Column');
  const perPage = text(component, 'rows') === 'all' ? Infinity : Number(text(component, 'rows') ?? 10);
  const [sortName, sortWay] = (text(component, 'sort') ?? '').split(' ');
  const search = flag(component, 'search', false) && (
    <input type="search" class="table-search" placeholder="Filter rows" aria-label="Filter rows" value={filter} onInput={(event) => setFilter(event.currentTarget.value)} />
  );
  return (
    <Figure title={text(component, 'title')} subtitle={text(component, 'subtitle')} rows={rows} csv={csv} loading={loading} kind="table" tools={search}
      downloadable={flag(component, 'downloadable', true)}>
      {!rows ? <div class="waiting-table" aria-busy="true" /> : rows.rows === 0 ? <p class="empty">{text(component, 'emptyMessage') ?? 'No rows.'}</p> : (
        <RowsTable rows={rows} perPage={perPage} filter={filter} numbered={flag(component, 'rowNumbers', false)} shaded={flag(component, 'rowShading', false)}
          shown={parts.length > 0 ? parts.map((part) => shownOf(rows, part)) : undefined}
          first={sortName ? {column: columnIndex(rows, sortName), down: sortWay === 'desc'} : undefined} />
      )}
    </Figure>
  );
}

function shownOf(rows: Rows, part: Component): Shown {
  const column = columnIndex(rows, text(part, 'id'));
  const {name, kind} = rows.columns[column] ?? {name: '', kind: 'text' as Kind};
  return {column, name, kind, title: text(part, 'title') ?? titleOf(name), fmt: text(part, 'fmt'), align: text(part, 'align'), content: text(part, 'contentType'), linkLabel: text(part, 'linkLabel')};
}

function compare(a: Cell | undefined, b: Cell | undefined, kind: Kind): number {
  if (a === null || a === undefined) return b === null || b === undefined ? 0 : 1;
  if (b === null || b === undefined) return -1;
  if (kind === 'number') return Number(a) - Number(b);
  return String(a).localeCompare(String(b), 'en', {numeric: true});
}

interface TableProps {
  rows: Rows;
  perPage: number;
  filter?: string;
  numbered?: boolean;
  shaded?: boolean;
  shown?: Shown[];
  first?: Order;
}

export function RowsTable({rows, perPage, filter = '', numbered, shaded, shown, first}: TableProps) {
  const [order, setOrder] = useState<Order | null>(first ?? null);
  const [at, setAt] = useState(0);
  const columns: Shown[] = shown ?? rows.columns.map((column, i) => ({column: i, name: column.name, kind: column.kind, title: titleOf(column.name)}));
  const text = (column: Shown, row: number) => format(rows.data[column.column]?.[row], column.kind, column.fmt, column.name);
  const places = useMemo(() => {
    let all = Array.from({length: rows.rows}, (_, i) => i);
    const wanted = filter.trim().toLowerCase();
    if (wanted) all = all.filter((row) => columns.some((column) => text(column, row).toLowerCase().includes(wanted)));
    const by = order && rows.columns[order.column] ? order : null;
    if (by) {
      const data = rows.data[by.column]!;
      const kind = rows.columns[by.column]!.kind;
      // What is missing stays last, whichever way.
      all.sort((a, b) => (data[a] === null || data[b] === null ? compare(data[a], data[b], kind) : (by.down ? -1 : 1) * compare(data[a], data[b], kind)));
    }
    return all;
  }, [rows, order, filter]);
  const pages = Math.max(1, Math.ceil(places.length / perPage));
  const page = Math.min(at, pages - 1);
  const visible = perPage === Infinity ? places : places.slice(page * perPage, (page + 1) * perPage);
  const turn = (column: number) => setOrder(order?.column !== column ? {column, down: false} : order.down ? null : {column, down: true});
  const sortState = (column: number) => (order?.column !== column ? undefined : order.down ? 'descending' : 'ascending');
  return (
    <>
      <div class="scroll">
        <table class={`rows ${shaded ? 'shaded' : ''}`}>
          <thead>
            <tr>
              {numbered && <th class="right quiet" aria-label="Row" />}
              {columns.map((column) => (
                <th class={alignOf(column)} aria-sort={sortState(column.column)} scope="col">
                  <button type="button" onClick={() => turn(column.column)}>{column.title}<span class="sort" aria-hidden="true">{sortState(column.column) === 'ascending' ? '↑' : sortState(column.column) ? '↓' : ''}</span></button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {visible.map((row, i) => (
              <tr key={row}>
                {numbered && <td class="right quiet">{page * (perPage === Infinity ? 0 : perPage) + i + 1}</td>}
                {columns.map((column) => <td class={alignOf(column)}><CellView column={column} rows={rows} row={row} shown={text(column, row)} /></td>)}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {pages > 1 && (
        <nav class="pager" aria-label="Pages of the table">
          <button type="button" disabled={page === 0} onClick={() => setAt(page - 1)} aria-label="Page before">‹</button>
          <span aria-live="polite">{page * perPage + 1}–{Math.min(places.length, (page + 1) * perPage)} of {places.length.toLocaleString('en-US')}</span>
          <button type="button" disabled={page === pages - 1} onClick={() => setAt(page + 1)} aria-label="Next page">›</button>
        </nav>
      )}
    </>
  );
}

const alignOf = (column: Shown) => column.align ?? (column.kind === 'number' ? 'right' : 'left');

// An address may only lead to the web or within the app: what a row holds is not the page's author's.
const safe = (link: string) => /^(https?:\/\/|\/(?!\/))/.test(link);

function CellView({column, rows, row, shown}: {column: Shown; rows: Rows; row: number; shown: string}) {
  const value = rows.data[column.column]?.[row];
  if (column.content === 'link' && typeof value === 'string' && safe(value)) return <a href={value}>{column.linkLabel ?? shown}</a>;
  if (column.content === 'delta' && value !== null) {
    return <span class={Number(value) > 0 ? 'good' : Number(value) < 0 ? 'bad' : ''}><span aria-hidden="true">{Number(value) > 0 ? '▲ ' : Number(value) < 0 ? '▼ ' : ''}</span>{shown}</span>;
  }
  if (column.content === 'bar' && value !== null) {
    const most = rows.data[column.column]!.reduce<number>((high, item) => Math.max(high, Math.abs(Number(item))), 0);
    return <span class="bar-cell"><span>{shown}</span><svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect width={most ? (Math.abs(Number(value)) / most) * 100 : 0} height="10" /></svg></span>;
  }
  return <>{shown}</>;
}
