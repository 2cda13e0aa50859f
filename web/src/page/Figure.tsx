// Figure: the frame of a chart or table: title, and the same data as table, CSV and SQL.
import type {ComponentChildren} from 'preact';
import {useState} from 'preact/hooks';
import type {Rows} from '../api';
import {RowsTable} from './DataTable';

interface Props {
  title?: string;
  subtitle?: string;
  rows?: Rows;
  csv?: string;
  loading: boolean;
  kind: 'chart' | 'table';
  tools?: ComponentChildren;
  downloadable?: boolean;
  children: ComponentChildren;
}

export function Figure({title, subtitle, rows, csv, loading, kind, tools, downloadable = true, children}: Props) {
  const [view, setView] = useState<'drawn' | 'table' | 'sql'>('drawn');
  const button = (name: 'table' | 'sql', label: string) => (
    <button type="button" class="tool" aria-pressed={view === name} onClick={() => setView(view === name ? 'drawn' : name)}>{label}</button>
  );
  return (
    <figure class={`figure ${kind} ${loading && rows ? 'stale' : ''}`} aria-label={title}>
      <div class="figure-head">
        {(title || subtitle) && <figcaption>{title && <span class="title">{title}</span>}{subtitle && <span class="subtitle">{subtitle}</span>}</figcaption>}
        <div class="tools">
          {tools}
          {rows && kind === 'chart' && button('table', 'Table')}
          {rows && csv && downloadable && <a class="tool" href={csv} download aria-label={`Download ${title ?? 'the rows'} as CSV`}>CSV</a>}
          {rows && button('sql', 'SQL')}
        </div>
      </div>
      {view === 'sql' && rows ? <pre class="sql"><code>{rows.sql.trim()}</code></pre> : view === 'table' && rows ? <RowsTable rows={rows} perPage={10} /> : children}
      {rows?.truncated && <p class="footnote">The first {rows.rows.toLocaleString('en-US')} rows. The CSV has all of them.</p>}
    </figure>
  );
}
