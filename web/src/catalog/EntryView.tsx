// EntryView: all that is known of one resource.
import {useEffect} from 'preact/hooks';
import type {CatalogEntry, Named, Test} from '../api';
import {titleOf} from '../format';
import {GraphView} from '../lineage/GraphView';
import {dataRevision, pagesRevision} from '../live';
import {useLoaded} from '../load';
import {Markup} from '../markup';
import {entryAddress, pageAddress} from '../route';
import {Failed, Waiting} from '../ui/states';
import {TypeMark} from '../ui/TypeMark';
import {Run, stateOf} from './marks';

export function EntryView({id}: {id: string}) {
  const {value: entry, error} = useLoaded<CatalogEntry>(`/api/catalog/${encodeURIComponent(id)}`, dataRevision.value + pagesRevision.value);
  useEffect(() => {
    if (entry) document.title = `${entry.name} · Catalog`;
    if (entry && location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView({block: 'center'});
  }, [entry?.id]);
  if (error !== undefined) return <Failed text={error} />;
  if (!entry || entry.id !== id) return <Waiting />;
  const model = entry.tests?.filter((test) => !test.column) ?? [];
  return (
    <article class="entry">
      <header>
        <p class="crumbs"><a href="/catalog">Catalog</a></p>
        <h1><TypeMark type={entry.type} /> {entry.name}</h1>
        <dl class="facts">
          <Fact name="Kind">{titleOf(entry.type)}{entry.materialized && `, ${entry.materialized}`}</Fact>
          {entry.relation && <Fact name="Relation"><code>{entry.relation.replace(/"/g, '')}</code>{entry.built === false && <span class="badge">not built</span>}</Fact>}
          {entry.rows !== undefined && <Fact name="Rows">about {entry.rows.toLocaleString('en-US')}</Fact>}
          {entry.last_run && <Fact name="Last run"><Run run={entry.last_run} /></Fact>}
          {entry.freshness && <Fact name="Freshness">{[entry.freshness.warn_after && `warn after ${entry.freshness.warn_after}`, entry.freshness.error_after && `error after ${entry.freshness.error_after}`].filter(Boolean).join(', ')}</Fact>}
          {entry.file && <Fact name="File"><code>{entry.file}</code></Fact>}
          {entry.tags && entry.tags.length > 0 && <Fact name="Tags">{entry.tags.map((tag) => <a class="badge" href={`/catalog?q=${encodeURIComponent(tag)}`}>{tag}</a>)}</Fact>}
          {entry.page && <Fact name="Page"><a href={pageAddress(entry.page)}>Open</a></Fact>}
        </dl>
        {entry.description && <div class="prose"><Markup html={entry.description} /></div>}
      </header>
      {entry.columns && entry.columns.length > 0 && <Columns entry={entry} />}
      {model.length > 0 && <section><h2>Tests</h2><ul class="tests">{model.map((test) => <TestLine test={test} />)}</ul></section>}
      <section>
        <h2>Lineage <a class="more" href={`/lineage?node=${encodeURIComponent(entry.id)}`}>Open in the graph</a></h2>
        {entry.parents.length + entry.children.length > 0 ? <GraphView path={`/api/lineage?node=${encodeURIComponent(entry.id)}&up=2&down=2`} selected={entry.id} height={300} /> : <p class="quiet">Nothing stands before or after it.</p>}
        <Neighbours title="Made of" items={entry.parents} />
        <Neighbours title="Used by" items={entry.children} />
      </section>
      {entry.code && <section><details class="fold"><summary>Code</summary><pre class="sql"><code>{entry.code.trim()}</code></pre></details></section>}
    </article>
  );
}

function Fact({name, children}: {name: string; children: preact.ComponentChildren}) {
  return <div><dt>{name}</dt><dd>{children}</dd></div>;
}

function Columns({entry}: {entry: CatalogEntry}) {
  return (
    <section>
      <h2>Columns</h2>
      <div class="scroll">
        <table class="rows columns">
          <thead><tr><th>Name</th><th>Type</th><th>Description</th><th>Tests</th></tr></thead>
          <tbody>
            {entry.columns!.map((column) => (
              <tr id={`column-${column.name}`}>
                <td><a class="column-link" href={`/lineage?node=${encodeURIComponent(entry.id)}&column=${encodeURIComponent(column.name)}`} title="Lineage of this column"><code>{column.name}</code></a></td>
                <td class="quiet type">{column.type?.toLowerCase()}</td>
                <td class="prose">{column.description && <Markup html={column.description} />}{column.from && column.from.length > 0 && <span class="from quiet">from {column.from.map((source, i) => <>{i > 0 && ', '}<a href={`${entryAddress(source.id)}#column-${source.column}`}>{source.id.split('.').pop()}.{source.column}</a></>)}</span>}</td>
                <td>{column.tests.map((test) => <span class="badge" title={test.last_run?.message}><span class={`dot ${stateOf(test.last_run?.status)}`} />{test.name}</span>)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function TestLine({test}: {test: Test}) {
  return (
    <li>
      <span class={`dot ${stateOf(test.last_run?.status)}`} /> <span>{test.name}</span> <span class="quiet">{test.kind}{test.last_run ? `, ${test.last_run.status}` : ', not run'}{test.last_run?.failures ? `, ${test.last_run.failures} rows` : ''}</span>
      {test.last_run?.message && stateOf(test.last_run.status) !== 'good' && <div class="quiet message">{test.last_run.message}</div>}
    </li>
  );
}

function Neighbours({title, items}: {title: string; items: Named[]}) {
  if (items.length === 0) return null;
  return <p class="neighbours"><span class="quiet">{title}</span> {items.map((item) => <a class="named" href={entryAddress(item.id)}><TypeMark type={item.type} />{item.name}</a>)}</p>;
}
