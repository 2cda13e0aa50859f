// Draw: the lazy chunk's one function: a spec onto an element, redrawn as the element's size changes.
import {BarChart, LineChart, ScatterChart} from 'echarts/charts';
import {GridComponent, LegendComponent, TooltipComponent} from 'echarts/components';
import {init, use} from 'echarts/core';
import {CanvasRenderer, SVGRenderer} from 'echarts/renderers';
import type {ChartSpec} from '../page/Chart';
import {optionOf} from './option';

use([LineChart, BarChart, ScatterChart, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer, SVGRenderer]);

// SVG is sharp at any size and cheap for what a page usually shows; canvas bears many points.
const mostSvgPoints = 3000;

// Returns how to take it away again.
export function draw(element: HTMLElement, spec: ChartSpec, dark: boolean): () => void {
  const points = spec.rows.rows * Math.max(1, spec.y.length);
  const chart = init(element, null, {renderer: points > mostSvgPoints ? 'canvas' : 'svg'});
  const style = getComputedStyle(document.documentElement);
  chart.setOption(optionOf(spec, (name) => style.getPropertyValue(`--${name}`).trim(), dark));
  let width = element.clientWidth;
  const observer = new ResizeObserver(() => {
    if (element.clientWidth === width) return;
    width = element.clientWidth;
    chart.resize();
  });
  observer.observe(element);
  return () => {
    observer.disconnect();
    chart.dispose();
  };
}
