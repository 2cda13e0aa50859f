// LineageView: the whole graph, or what lies around one resource.
import {useEffect} from 'preact/hooks';
import type {Catalog} from '../api';
import {useLoaded} from '../load';
import {dataRevision} from '../live';
import {entryAddress, parameters, set} from '../route';
import {GraphView} from './GraphView';

export function LineageView() {
  const node = parameters.value.get('node') ?? undefined;
  const near = parameters.value.get('steps');
  const column = parameters.value.get('column');
  const {value: catalog} = useLoaded<Catalog>('/api/catalog', dataRevision.value);
  useEffect(() => {
    document.title = 'Lineage';
  }, []);
  const steps = near ? `&up=${encodeURIComponent(near)}&down=${encodeURIComponent(near)}` : '';
  const around = node !== undefined && near !== 'all';
  const item = catalog?.resources.find((resource) => resource.id === node);
  return (
    <div class="lineage">
      <header>
        <h1>Lineage</h1>
        <label class="pick">
          <span class="hidden">Resource</span>
          <input type="text" list="resources" placeholder="Find a resource" key={node} defaultValue={item?.name ?? ''}
            onChange={(event) => {
              const found = catalog?.resources.find((resource) => resource.name === event.currentTarget.value || resource.id === event.currentTarget.value);
              if (found) set({node: found.id});
              else if (event.currentTarget.value === '') set({node: null, steps: null});
            }} />
          <datalist id="resources">{catalog?.resources.map((resource) => <option value={resource.name}>{resource.type}</option>)}</datalist>
        </label>
        {node && column && (
          <div class="chips">
            <span>The column <code>{column}</code>, what it is made of, and what is made of it</span>
            <button type="button" class="chip" onClick={() => set({column: null})}>Tables instead</button>
            <button type="button" class="chip" onClick={() => set({node: null, column: null, steps: null})}>Clear</button>
          </div>
        )}
        {node && !column && (
          <div class="chips">
            {[['1', '1 step'], ['2', '2 steps'], ['', 'all before and after'], ['all', 'whole graph']].map(([value, label]) => (
              <button type="button" class="chip" aria-pressed={(near ?? '') === value} onClick={() => set({steps: value || null})}>{label}</button>
            ))}
            <a class="chip" href={entryAddress(node)}>Open {item?.name ?? 'it'}</a>
            <button type="button" class="chip" onClick={() => set({node: null, steps: null})}>Clear</button>
          </div>
        )}
      </header>
      <GraphView path={node && column ? `/api/lineage?node=${encodeURIComponent(node)}&column=${encodeURIComponent(column)}` : around ? `/api/lineage?node=${encodeURIComponent(node)}${steps}` : '/api/lineage'} selected={node} onSelect={column ? undefined : (id) => set({node: id})} />
    </div>
  );
}
