// Chart: a figure whose drawing comes with the lazy chunk.
import {useEffect, useRef, useState} from 'preact/hooks';
import type {Component, Rows} from '../api';
import {titleOf} from '../format';
import {dark} from '../theme';
import {Drawn} from '../ui/states';
import {amount, columnIndex, list, text, useQuery} from './context';
import {Figure} from './Figure';

export interface ChartSpec {
  kind: 'line' | 'area' | 'bar' | 'scatter';
  x: number;
  y: number[];
  series: number;  // -1: none
  component: Component;
  rows: Rows;
}

const kinds: Record<string, ChartSpec['kind']> = {LineChart: 'line', AreaChart: 'area', BarChart: 'bar', ScatterPlot: 'scatter'};

// What is drawn over what: as the tag says, else the first column and all other numbers.
function specOf(component: Component, rows: Rows): ChartSpec {
  const kind = kinds[component.name]!;
  const series = columnIndex(rows, text(component, 'series'));
  const x = component.attributes.x === undefined ? 0 : columnIndex(rows, text(component, 'x'));
  const named = list(component, 'y')?.map((name) => columnIndex(rows, name)).filter((column) => column >= 0);
  const numbers = rows.columns.map((_, i) => i).filter((i) => i !== x && i !== series && rows.columns[i]!.kind === 'number');
  return {kind, x, y: named ?? numbers, series, component, rows};
}

export function Chart({component, id}: {component: Component; id: number}) {
  const {value: rows, error, loading, csv} = useQuery(component);
  if (error !== undefined) return <Drawn text={error} />;
  if (rows?.problems[id]) return <Drawn text={rows.problems[id]} />;
  const height = amount(component, 'chartAreaHeight') ?? 260;
  return (
    <Figure title={text(component, 'title')} subtitle={text(component, 'subtitle')} rows={rows} csv={csv} loading={loading} kind="chart">
      {rows && rows.rows === 0 ? <p class="empty">{text(component, 'emptyMessage') ?? 'No rows for this choice.'}</p> : <Drawing component={component} rows={rows} height={height} />}
    </Figure>
  );
}

function describe(spec: ChartSpec): string {
  const {rows, component} = spec;
  const names = spec.y.map((i) => titleOf(rows.columns[i]!.name)).join(', ');
  const x = rows.columns[spec.x] ? ` by ${titleOf(rows.columns[spec.x]!.name).toLowerCase()}` : '';
  const series = spec.series >= 0 ? `, one for each ${titleOf(rows.columns[spec.series]!.name).toLowerCase()}` : '';
  return `${text(component, 'title') ?? 'Chart'}: ${spec.kind} of ${names}${x}${series}; ${rows.rows} rows. The button Table shows them.`;
}

function Drawing({component, rows, height}: {component: Component; rows?: Rows; height: number}) {
  const place = useRef<HTMLDivElement>(null);
  const [failure, setFailure] = useState<string>();
  const spec = rows && specOf(component, rows);
  const isDark = dark.value;
  useEffect(() => {
    if (!spec || !place.current) return;
    let gone = false;
    let stop: (() => void) | undefined;
    const element = place.current;
    import('../charts/draw').then(
      ({draw}) => {
        if (!gone) stop = draw(element, spec, isDark);
      },
      () => setFailure('The charts could not be loaded.'),
    );
    return () => {
      gone = true;
      stop?.();
    };
  }, [rows, component, isDark]);
  if (failure) return <p class="empty">{failure}</p>;
  return <div ref={place} class="drawing" style={{height: `${height + 60}px`}} role="img" aria-label={spec ? describe(spec) : 'Chart, loading'} aria-busy={!rows} />;
}
