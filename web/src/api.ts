// Api: the server's answers as types, and one way to ask for them.

export interface PageSummary {
  name: string;
  title: string;
  description: string;
  problems: number;
}
export interface PageList {
  project: string;
  pages: PageSummary[];
}

export type AttributeValue = string | number | boolean | string[];
export interface Component {
  name: string;
  kind: 'chart' | 'table' | 'value' | 'input' | 'container' | 'part' | 'unknown';
  attributes: Record<string, AttributeValue | undefined>;
  children: number[];
  html?: string;
}
export interface Problem {
  code: string;
  severity: 'error' | 'warning';
  message: string;
  text: string;
  component?: number;
  query?: string;
}
export interface TestCounts {
  pass: number;
  warn: number;
  fail: number;
  unknown: number;
}
export interface LastRun {
  status: string;
  at: string;
  seconds: number;
  message?: string;
  failures?: number;
}
export interface Freshness {
  as_of?: string;
  last_run_at?: string;
  last_run_status?: string;
  tests: TestCounts;
  tables: {id: string; name: string; loaded_at?: string; last_run?: LastRun; tests: TestCounts}[];
}
export interface Page {
  name: string;
  title: string;
  description: string;
  hide_title: boolean;
  file: string;
  html: string;
  components: Component[];
  queries: Record<string, {inputs: string[]; sql: string} | undefined>;
  problems: Problem[];
  freshness: Freshness;
}

export interface Input {
  choices?: [value: string, label: string][];
  values?: string[];
  labels?: string[];
  first?: string;
  last?: string;
  presets?: [name: string, start: string, end: string][];
  start?: string;
  end?: string;
  error?: string;
}

export type Kind = 'number' | 'boolean' | 'date' | 'timestamp' | 'time' | 'text';
export interface Column {
  name: string;
  type: string;
  kind: Kind;
}
export type Cell = string | number | boolean | null | object;
export interface Rows {
  columns: Column[];
  data: Cell[][];
  rows: number;
  truncated: boolean;
  elapsed_ms: number;
  sql: string;
  problems: Record<string, string | undefined>;
}

export interface CatalogItem {
  id: string;
  type: string;
  name: string;
  description?: string;
  schema?: string;
  package?: string;
  materialized?: string;
  columns: number;
  tags?: string[];
  tests?: TestCounts;
  last_run?: LastRun;
}
export interface Catalog {
  resources: CatalogItem[];
  last_run_at?: string;
  last_run_status?: string;
}
export interface Test {
  id: string;
  name: string;
  kind: string;
  column?: string;
  file?: string;
  last_run?: LastRun;
}
export interface Named {
  id: string;
  type: string;
  name: string;
}
export interface CatalogEntry extends Named {
  package?: string;
  file?: string;
  page?: string;
  relation?: string;
  code?: string;
  group?: string;
  materialized?: string;
  description?: string;
  tags?: string[];
  last_run?: LastRun;
  built?: boolean;
  rows?: number;
  columns?: {name: string; type?: string; description?: string; tests: Test[]; from?: {id: string; column: string}[]}[];
  tests?: Test[];
  freshness?: {warn_after?: string; error_after?: string};
  parents: Named[];
  children: Named[];
}

export interface GraphNode extends Named {
  x: number;
  y: number;
  status?: string;
  materialized?: string;
  tests?: TestCounts;
  columns?: string[];
}
export interface Graph {
  width: number;
  height: number;
  box_width: number;
  box_height: number;
  column_height: number;
  nodes: GraphNode[];
  edges: {from: number; to: number; line: number[]}[];
  column_edges: {from: number; from_column: string; to: number; to_column: string}[];
}
export interface Hit extends Named {
  column?: string;
  excerpt?: string;
  page?: string;
}

// What the server refused, in words that can be shown.
export class ApiError extends Error {
  constructor(message: string, readonly status: number) {
    super(message);
  }
}

export async function ask<T>(path: string, signal?: AbortSignal): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, {signal, headers: {Accept: 'application/json'}});
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError('The server does not answer. Is `rynd up` still running?', 0);
  }
  const body = await response.json().catch(() => null);
  if (response.ok && body) return body as T;
  throw new ApiError(body?.text ?? `The server answered with ${response.status}.`, response.status);
}

export const pagePath = (name: string) => `/api/pages/${encodeURIComponent(name)}`;
