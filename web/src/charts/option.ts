// Option: a spec to ECharts' option: axes, series, colours, tooltip.
import type {EChartsCoreOption} from 'echarts/core';
import type {Cell, Column} from '../api';
import {compact, format, formatDate, titleOf, toDate} from '../format';
import type {ChartSpec} from '../page/Chart';
import {amount, flag, text} from '../page/context';

type Token = (name: string) => string;
interface Series {
  name: string;
  column: Column;
  points: [x: Cell, y: number | null, row: number][];
}
type AxisKind = 'time' | 'value' | 'category';

function axisKind(spec: ChartSpec): AxisKind {
  const kind = spec.rows.columns[spec.x]?.kind;
  // Bars stand on categories: a bar has a width, a time axis has none.
  if (spec.kind === 'bar') return 'category';
  if (kind === 'date' || kind === 'timestamp') return 'time';
  return kind === 'number' ? 'value' : 'category';
}

function seriesOf(spec: ChartSpec): Series[] {
  const {rows} = spec;
  const xs = rows.data[spec.x] ?? [];
  const groups = spec.series >= 0 ? rows.data[spec.series]! : null;
  const found = new Map<string, Series>();
  for (const y of spec.y) {
    const column = rows.columns[y]!;
    for (let row = 0; row < rows.rows; row++) {
      const group = groups ? format(groups[row], rows.columns[spec.series]!.kind) : '';
      const name = groups ? (spec.y.length > 1 ? `${group}, ${titleOf(column.name)}` : group) : titleOf(column.name);
      let series = found.get(name);
      if (!series) found.set(name, (series = {name, column, points: []}));
      const value = rows.data[y]![row];
      series.points.push([xs[row] ?? null, value === null || value === undefined ? null : Number(value), row]);
    }
  }
  return [...found.values()];
}

// Categories in the order of the rows, or by size where the reader gains by it.
function categoriesOf(spec: ChartSpec, series: Series[]): Cell[] {
  const totals = new Map<Cell, number>();
  for (const {points} of series) for (const [x, y] of points) totals.set(x, (totals.get(x) ?? 0) + Math.abs(y ?? 0));
  const all = [...totals.keys()];
  const sorted = spec.kind === 'bar' && spec.rows.columns[spec.x]?.kind === 'text' && flag(spec.component, 'sort', true);
  return sorted ? all.sort((a, b) => totals.get(b)! - totals.get(a)!) : all;
}

// Dates of a year's first days are years, of months' months.
function datePattern(values: Cell[]): string {
  const dates = values.map(toDate).filter((date): date is Date => date !== null);
  if (dates.every((date) => date.getUTCDate() === 1 && date.getUTCMonth() === 0 && date.getUTCHours() === 0)) return 'yyyy';
  if (dates.every((date) => date.getUTCDate() === 1 && date.getUTCHours() === 0)) return 'mmm yyyy';
  return dates.every((date) => date.getUTCHours() === 0 && date.getUTCMinutes() === 0) ? 'd mmm yyyy' : 'd mmm HH:MM';
}

const escape = (words: string) => words.replace(/[&<>"]/g, (sign) => ({'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;'})[sign]!);

export function optionOf(spec: ChartSpec, token: Token, dark: boolean): EChartsCoreOption {
  const {component, rows} = spec;
  const series = seriesOf(spec);
  const kind = axisKind(spec);
  const xColumn = rows.columns[spec.x];
  const isDate = xColumn?.kind === 'date' || xColumn?.kind === 'timestamp';
  const xPattern = text(component, 'xFmt') ?? (isDate ? datePattern(rows.data[spec.x] ?? []) : undefined);
  const xText = (value: Cell) => (xColumn ? format(value, xColumn.kind, xPattern, xColumn.name) : '');
  const yPattern = text(component, 'yFmt');
  const yText = (value: number | null, column: Column) => format(value, 'number', yPattern, column.name);
  const categories = kind === 'category' ? categoriesOf(spec, series) : [];
  const swap = flag(component, 'swapXY', false);
  const percent = text(component, 'type') === 'stacked100';
  const stacked = percent || text(component, 'type') === 'stacked' || (spec.kind === 'area' && series.length > 1) || (spec.kind === 'bar' && series.length > 1 && text(component, 'type') !== 'grouped');
  const totals = new Map<Cell, number>();
  if (percent) for (const {points} of series) for (const [x, y] of points) totals.set(x, (totals.get(x) ?? 0) + (y ?? 0));
  const share = (x: Cell, y: number | null) => (percent && y !== null ? y / (totals.get(x) || 1) : y);

  const quiet = {color: token('quiet'), fontFamily: token('font'), fontSize: 11.5};
  const xAxis = {
    type: kind,
    ...(kind === 'category' ? {data: categories.map(xText), inverse: swap} : {}),
    ...(kind === 'value' ? (spec.kind === 'scatter' ? {scale: true} : {min: 'dataMin', max: 'dataMax'}) : {}),
    name: text(component, 'xAxisTitle'), nameLocation: 'middle', nameGap: 28, nameTextStyle: quiet,
    axisLine: {onZero: false, lineStyle: {color: token('line-strong')}}, axisTick: {show: kind !== 'category', lineStyle: {color: token('line-strong')}},
    axisLabel: {...quiet, hideOverlap: true, ...(kind === 'category' && categories.length <= 12 ? {interval: 0} : {}), ...(kind === 'time' && isDate ? {formatter: timeLabel} : {}), ...(kind === 'value' ? {formatter: (value: number) => (xPattern ? xText(value) : /year/i.test(xColumn?.name ?? '') ? String(value) : compact(value))} : {})},
    splitLine: {show: false},
  };
  const log = flag(component, 'yLog', false);
  const yAxis = {
    type: log ? 'log' : 'value', min: amount(component, 'yMin'), max: percent ? 1 : amount(component, 'yMax'),
    scale: spec.kind === 'scatter',
    name: text(component, 'yAxisTitle'), nameTextStyle: {...quiet, align: 'left', padding: [0, 0, 2, -4]}, nameLocation: 'end', nameGap: 12,
    axisLabel: {...quiet, formatter: (value: number) => (percent ? `${Math.round(value * 100)}%` : yPattern ? format(value, 'number', yPattern) : compact(value))},
    axisLine: {show: false, onZero: false}, axisTick: {show: false}, splitLine: {lineStyle: {color: token('line')}}, splitNumber: 4,
  };
  const legend = component.attributes.legend === undefined ? series.length > 1 : flag(component, 'legend', true);
  const tall = swap && kind === 'category' && categories.length > 12;
  return {
    useUTC: true,
    animation: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    animationDuration: 350,
    darkMode: dark,
    color: Array.from({length: 8}, (_, i) => token(`series-${i + 1}`)),
    textStyle: {fontFamily: token('font')},
    grid: {left: 4, right: 16, top: legend ? 40 : yAxis.name ? 30 : 14, bottom: xAxis.name ? 30 : 6, containLabel: true},
    legend: {show: legend, top: 0, left: 0, icon: 'roundRect', itemWidth: 12, itemHeight: 4, itemGap: 16, type: 'scroll', textStyle: {...quiet, color: token('ink'), fontSize: 12}, inactiveColor: token('line-strong')},
    tooltip: {
      trigger: spec.kind === 'scatter' ? 'item' : 'axis', confine: true, appendTo: 'body', className: 'tooltip', padding: 0, borderWidth: 0, backgroundColor: 'transparent', extraCssText: 'box-shadow:none',
      axisPointer: {type: spec.kind === 'bar' ? 'shadow' : 'line', lineStyle: {color: token('line-strong')}, shadowStyle: {color: token('hover')}},
      formatter: (given: unknown) => tooltip(spec, series, given, xText, yText),
    },
    xAxis: swap ? yAxis : xAxis,
    yAxis: swap ? {...xAxis, axisLabel: {...xAxis.axisLabel, interval: tall ? 'auto' : 0}} : yAxis,
    series: series.map((item) => drawn(spec, item, {kind, categories, swap, stacked, share, yText})),
  };
}

function timeLabel(value: number): string {
  const date = new Date(value);
  if (date.getUTCHours() || date.getUTCMinutes()) return formatDate(date, 'HH:MM');
  if (date.getUTCDate() !== 1) return formatDate(date, 'd mmm');
  return formatDate(date, date.getUTCMonth() === 0 ? 'yyyy' : 'mmm');
}

interface Manner {
  kind: AxisKind;
  categories: Cell[];
  swap: boolean;
  stacked: boolean;
  share: (x: Cell, y: number | null) => number | null;
  yText: (value: number | null, column: Column) => string;
}

function drawn(spec: ChartSpec, item: Series, manner: Manner): object {
  const {component} = spec;
  const data = dataOf(spec, item, manner);
  const common = {name: item.name, data, emphasis: {focus: 'series', scale: 1.3}, blur: {itemStyle: {opacity: 0.25}, lineStyle: {opacity: 0.25}}};
  const stack = manner.stacked ? 'all' : undefined;
  if (spec.kind === 'bar') {
    const label = flag(component, 'labels', false) && {show: true, position: manner.stacked ? 'inside' : manner.swap ? 'right' : 'top', fontSize: 11, formatter: (point: {dataIndex: number}) => manner.yText(valueAt(item, manner, point.dataIndex), item.column)};
    return {...common, type: 'bar', stack, barMaxWidth: 42, barCategoryGap: '28%', itemStyle: {borderRadius: manner.stacked ? 0 : manner.swap ? [0, 3, 3, 0] : [3, 3, 0, 0]}, ...(label ? {label} : {})};
  }
  if (spec.kind === 'scatter') return {...common, type: 'scatter', symbolSize: amount(component, 'pointSize') ?? 7, itemStyle: {opacity: 0.65}, large: item.points.length > 5000};
  const few = data.length === 1 || flag(component, 'markers', false);
  return {
    ...common, type: 'line', stack, showSymbol: few, symbol: 'circle', symbolSize: 6, step: flag(component, 'step', false) ? 'middle' : undefined, sampling: item.points.length > 4000 ? 'lttb' : undefined,
    lineStyle: {width: spec.kind === 'area' ? 1.2 : 2}, ...(spec.kind === 'area' ? {areaStyle: {opacity: manner.stacked ? 0.55 : 0.18}} : {}),
  };
}

function valueAt(item: Series, manner: Manner, place: number): number | null {
  return item.points.find(([x]) => x === manner.categories[place])?.[1] ?? null;
}

function dataOf(spec: ChartSpec, item: Series, manner: Manner): unknown[] {
  const {kind, categories, swap, share, stacked} = manner;
  if (kind === 'category') {
    const by = new Map<Cell, [number | null, number]>();
    for (const [x, y, row] of item.points) by.set(x, [share(x, y), row]);
    return categories.map((x) => by.get(x)?.[0] ?? (stacked ? 0 : null));
  }
  const at = (x: Cell) => (kind === 'time' ? (toDate(x)?.getTime() ?? null) : x === null ? null : Number(x));
  if (!stacked) return item.points.map(([x, y, row]) => ({value: swap ? [y, at(x)] : [at(x), y], row})).sort((a, b) => (spec.kind === 'scatter' ? 0 : Number(a.value[0]) - Number(b.value[0])));
  // Stacked lines need the same places in every series.
  const by = new Map<number | null, number | null>(item.points.map(([x, y]) => [at(x), share(x, y)]));
  const places = [...new Set((spec.rows.data[spec.x] ?? []).map(at))].sort((a, b) => Number(a) - Number(b));
  return places.map((x) => [x, by.get(x) ?? 0]);
}

interface Point {
  seriesIndex: number;
  dataIndex: number;
  color: string;
  name: string;
  axisValue?: string | number;
  data?: {row?: number; value?: unknown[]} | unknown[];
}

function tooltip(spec: ChartSpec, series: Series[], given: unknown, xText: (x: Cell) => string, yText: (y: number | null, column: Column) => string): string {
  const points = (Array.isArray(given) ? given : [given]) as Point[];
  const first = points[0];
  if (!first) return '';
  if (spec.kind === 'scatter') return scatterTooltip(spec, series, first, xText, yText);
  const kind = axisKind(spec);
  const line = (point: Point) => {
    const item = series[point.seriesIndex]!;
    const match = item.points.find(([x]) => (kind === 'category' ? xText(x) === first.name : kind === 'time' ? toDate(x)?.getTime() === Number(first.axisValue) : Number(x) === Number(first.axisValue)));
    return match && `<tr><td><i style="background:${point.color}"></i>${escape(item.name)}</td><td class="right">${escape(yText(match[1], item.column))}</td></tr>`;
  };
  const title = kind === 'category' ? first.name : kind === 'time' ? xText(new Date(Number(first.axisValue)).toISOString().replace('.000Z', '').replace('T00:00:00', '')) : xText(first.axisValue as Cell);
  return `<div class="tip"><b>${escape(title)}</b><table>${points.map(line).filter(Boolean).join('')}</table></div>`;
}

function scatterTooltip(spec: ChartSpec, series: Series[], point: Point, xText: (x: Cell) => string, yText: (y: number | null, column: Column) => string): string {
  const item = series[point.seriesIndex]!;
  const row = (point.data as {row: number}).row;
  const {columns, data} = spec.rows;
  const titled = text(spec.component, 'tooltipTitle')?.toLowerCase();
  const named = columns.findIndex((column) => column.name.toLowerCase() === titled);
  const title = named >= 0 ? format(data[named]![row], columns[named]!.kind) : item.name;
  const y = item.points.find(([, , at]) => at === row)?.[1] ?? null;
  const x = columns[spec.x]!;
  return `<div class="tip"><b>${escape(title)}</b><table><tr><td>${escape(titleOf(x.name))}</td><td class="right">${escape(xText(data[spec.x]![row] ?? null))}</td></tr><tr><td>${escape(titleOf(item.column.name))}</td><td class="right">${escape(yText(y, item.column))}</td></tr></table></div>`;
}
