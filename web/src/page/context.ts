// Context: the page that is shown, with its inputs and queries, for all components below it.
import {createContext} from 'preact';
import {useContext} from 'preact/hooks';
import {type Column, type Component, type Input, type Page, pagePath, type Rows} from '../api';
import {dataRevision, pagesRevision} from '../live';
import {type Loaded, useLoaded} from '../load';
import {parameters} from '../route';

export interface PageState {
  page: Page;
  inputs: Record<string, Input | undefined>;
}
export const PageContext = createContext<PageState | null>(null);
export const usePage = () => useContext(PageContext)!;

export const text = (component: Component, name: string) => {
  const value = component.attributes[name];
  return value === undefined ? undefined : String(value);
};
export const flag = (component: Component, name: string, otherwise: boolean) => {
  const value = component.attributes[name];
  return value === undefined ? otherwise : value === true || value === 'true';
};
export const amount = (component: Component, name: string) => {
  const value = Number(component.attributes[name]);
  return Number.isFinite(value) && component.attributes[name] !== undefined ? value : undefined;
};
export const list = (component: Component, name: string) => {
  const value = component.attributes[name];
  return value === undefined ? undefined : Array.isArray(value) ? value : [String(value)];
};

// All inputs that a query's rows depend on: its own, and those that the choices of these depend on.
function inputsOf(page: Page, query: string): string[] {
  const found: string[] = [];
  const add = (name: string) => {
    for (const input of page.queries[name]?.inputs ?? []) {
      if (found.includes(input)) continue;
      found.push(input);
      const data = page.components.find((component) => component.kind === 'input' && component.attributes.name === input)?.attributes.data;
      if (data !== undefined) add(String(data));
    }
  };
  add(query);
  return found;
}

// Only what the query depends on goes into its address, so that other inputs do not make it load again.
export function queryPath(page: Page, query: string, ending = ''): string {
  const names = inputsOf(page, query);
  const given = new URLSearchParams();
  for (const [name, value] of parameters.value) {
    if (names.some((input) => name === input || name === `${input}.start` || name === `${input}.end`)) given.append(name, value);
  }
  const search = given.toString();
  return `${pagePath(page.name)}/query/${encodeURIComponent(query)}${ending}${search ? `?${search}` : ''}`;
}

export function useQuery(component: Component): Loaded<Rows> & {csv?: string; query?: string} {
  const {page} = usePage();
  const query = text(component, 'data');
  const known = query !== undefined && page.queries[query] !== undefined;
  const loaded = useLoaded<Rows>(known ? queryPath(page, query) : null, dataRevision.value + pagesRevision.value);
  return known ? {...loaded, csv: queryPath(page, query, '/csv'), query} : {loading: false};
}

export function columnIndex(rows: Rows, name: string | undefined): number {
  if (name === undefined) return -1;
  const wanted = name.toLowerCase();
  return rows.columns.findIndex((column: Column) => column.name.toLowerCase() === wanted);
}
