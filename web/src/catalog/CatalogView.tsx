// CatalogView: all resources, by kind and by words.
import {useEffect} from 'preact/hooks';
import type {Catalog, CatalogItem} from '../api';
import {ago} from '../format';
import {dataRevision, pagesRevision} from '../live';
import {useLoaded} from '../load';
import {entryAddress, parameters, set} from '../route';
import {Failed, Waiting} from '../ui/states';
import {TypeMark} from '../ui/TypeMark';
import {Run, Tests, testState} from './marks';

// A description's first paragraph, without its marks.
const plain = (markdown: string) => markdown.split(/\n\s*\n/)[0]!.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/[*`]+/g, '');

const order = ['source', 'seed', 'snapshot', 'model', 'metric', 'semantic_model', 'saved_query', 'exposure', 'page'];
const most = 500;

function fits(item: CatalogItem, words: string[]): boolean {
  const text = `${item.name} ${item.type} ${item.schema ?? ''} ${item.materialized ?? ''} ${item.description ?? ''} ${(item.tags ?? []).join(' ')}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

export function CatalogView() {
  const {value: catalog, error} = useLoaded<Catalog>('/api/catalog', dataRevision.value + pagesRevision.value);
  useEffect(() => {
    document.title = 'Catalog';
  }, []);
  if (error !== undefined) return <Failed text={error} />;
  if (!catalog) return <Waiting />;
  const query = parameters.value.get('q') ?? '';
  const type = parameters.value.get('type') ?? '';
  const failing = parameters.value.get('tests') === 'fail';
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const matching = catalog.resources.filter((item) => fits(item, words) && (!failing || testState(item.tests) === 'bad'));
  const counts = new Map<string, number>();
  for (const item of matching) counts.set(item.type, (counts.get(item.type) ?? 0) + 1);
  const found = matching.filter((item) => !type || item.type === type);
  const broken = catalog.resources.filter((item) => testState(item.tests) === 'bad').length;
  return (
    <div class="catalog">
      <header>
        <h1>Catalog</h1>
        <p class="quiet">{catalog.resources.length} resources{catalog.last_run_at && <>, last run {ago(catalog.last_run_at)}: {catalog.last_run_status}</>}</p>
      </header>
      <div class="facets" role="search">
        <input type="search" aria-label="Filter the catalog" placeholder="Filter by name, schema, tag, description" value={query}
          onInput={(event) => set({q: event.currentTarget.value || null}, true)} />
        <button type="button" class="chip" aria-pressed={!type} onClick={() => set({type: null})}>All <span>{matching.length}</span></button>
        {[...counts].sort(([a], [b]) => order.indexOf(a) - order.indexOf(b)).map(([name, count]) => (
          <button type="button" class="chip" aria-pressed={type === name} onClick={() => set({type: type === name ? null : name})}>{name.replace('_', ' ')}s <span>{count}</span></button>
        ))}
        {broken > 0 && <button type="button" class="chip bad" aria-pressed={failing} onClick={() => set({tests: failing ? null : 'fail'})}>failing tests <span>{broken}</span></button>}
      </div>
      <div class="scroll">
        <table class="rows resources">
          <thead><tr><th>Name</th><th>Schema</th><th>Description</th><th class="right">Columns</th><th>Tests</th><th>Last run</th></tr></thead>
          <tbody>
            {found.slice(0, most).map((item) => (
              <tr key={item.id}>
                <td><a class="named" href={entryAddress(item.id)}><TypeMark type={item.type} /><span>{item.name}</span></a></td>
                <td class="quiet">{item.schema ?? ''}</td>
                <td class="description">{plain(item.description ?? '')}</td>
                <td class="right quiet">{item.columns || ''}</td>
                <td><Tests tests={item.tests} /></td>
                <td>{item.type === 'page' || item.type === 'exposure' ? '' : <Run run={item.last_run} />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {found.length === 0 && <p class="empty">Nothing matches.</p>}
      {found.length > most && <p class="footnote">The first {most} of {found.length}. Filter to see the others.</p>}
    </div>
  );
}
