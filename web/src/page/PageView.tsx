// PageView: one page: its text with the components in it.
import {useEffect} from 'preact/hooks';
import {type Component, type Input, type Page, pagePath, type Problem} from '../api';
import {dataRevision, pagesRevision} from '../live';
import {useLoaded} from '../load';
import {type Flow, Markup, type Slot} from '../markup';
import {parameters} from '../route';
import {Drawn, Failed, Waiting} from '../ui/states';
import {Alert, Details, Grid} from './containers';
import {PageContext, usePage} from './context';
import {DateRange} from './DateRange';
import {Dropdown} from './Dropdown';
import {Chart} from './Chart';
import {DataTable} from './DataTable';
import {FreshnessNote} from './Freshness';
import {BigValue, Value} from './values';

const views: Record<string, ((props: {component: Component; id: number}) => preact.JSX.Element | null) | undefined> = {
  LineChart: Chart, AreaChart: Chart, BarChart: Chart, ScatterPlot: Chart, DataTable, BigValue, Value, Dropdown, DateRange, Grid, Details, Alert,
};

export function PageView({name}: {name: string}) {
  const loaded = useLoaded<Page>(pagePath(name), pagesRevision.value + dataRevision.value);
  const search = parameters.value.toString();
  const hasInputs = loaded.value?.components.some((component) => component.kind === 'input');
  const inputs = useLoaded<Record<string, Input>>(hasInputs ? `${pagePath(name)}/inputs${search ? `?${search}` : ''}` : null, pagesRevision.value + dataRevision.value);
  const page = loaded.value;
  useEffect(() => {
    if (page) document.title = page.title;
  }, [page?.title]);
  if (loaded.error !== undefined) return <Failed text={loaded.error} />;
  if (!page || page.name !== name) return <Waiting />;
  // A heading of the first level in the text is the title.
  const headed = /<h1/.test(page.html);
  return (
    <PageContext.Provider value={{page, inputs: inputs.value ?? {}}}>
      <article class="page">
        <header>
          {!headed && !page.hide_title && <h1>{page.title}</h1>}
          {page.description && <p class="lead">{page.description}</p>}
          <FreshnessNote freshness={page.freshness} />
        </header>
        {page.problems.filter((problem) => !shownBelow(page, problem)).map((problem) => <Drawn text={problem.text} severity={problem.severity} />)}
        <Content html={page.html} />
      </article>
    </PageContext.Provider>
  );
}

// A problem of a query is shown where the query is drawn.
function shownBelow(page: Page, problem: Problem): boolean {
  if (problem.component !== undefined) return true;
  if (problem.query === undefined) return false;
  const uses = (query: string): boolean => page.components.some((component) => component.attributes.data === query);
  return uses(problem.query);
}

export function Content({html}: {html: string}) {
  const {page} = usePage();
  const slot: Slot = (id) => <ComponentView key={id} id={id} />;
  const flow: Flow = (id) => {
    const component = page.components[id];
    if (component?.name === 'Value') return 'inline';
    if (component?.name === 'BigValue') return 'tile';
    return component?.kind === 'input' ? 'input' : 'block';
  };
  return <Markup html={html} slot={slot} flow={flow} />;
}

function ComponentView({id}: {id: number}) {
  const {page} = usePage();
  const component = page.components[id];
  if (!component) return null;
  const own = (problem: Problem) => problem.component === id || component.children.includes(problem.component ?? -1);
  const problems = page.problems.filter(own);
  const View = views[component.name];
  const fatal = !View || problems.some((problem) => problem.severity === 'error');
  return (
    <>
      {problems.map((problem) => <Drawn text={problem.text} severity={problem.severity} />)}
      {!fatal && <View component={component} id={id} />}
    </>
  );
}
