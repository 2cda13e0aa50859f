// GraphView: a laid-out graph as SVG: pan, zoom, arrow keys; only what is in sight is drawn.
import {useEffect, useMemo, useRef, useState} from 'preact/hooks';
import type {Graph, GraphNode} from '../api';
import {stateOf, testState, testText} from '../catalog/marks';
import {dataRevision, pagesRevision} from '../live';
import {useLoaded} from '../load';
import {entryAddress} from '../route';
import {letterOf} from '../ui/TypeMark';
import {Failed, Waiting} from '../ui/states';

interface Sight {
  x: number;
  y: number;
  scale: number;
}
interface Props {
  path: string;
  selected?: string;
  height?: number;
  onSelect?: (id: string) => void;
}

export function GraphView(props: Props) {
  const {value: graph, error} = useLoaded<Graph>(props.path, dataRevision.value + pagesRevision.value);
  if (error !== undefined) return <Failed text={error} />;
  if (!graph) return <div style={{height: props.height}}><Waiting /></div>;
  return <Canvas graph={graph} {...props} />;
}

// All before and all after a node.
function related(graph: Graph, from: number): Set<number> {
  const found = new Set([from]);
  for (const down of [true, false]) {
    const stack = [from];
    const seen = new Set(stack);
    while (stack.length > 0) {
      const at = stack.pop()!;
      for (const edge of graph.edges) {
        const next = (down ? edge.from : edge.to) === at ? (down ? edge.to : edge.from) : -1;
        if (next < 0 || seen.has(next)) continue;
        seen.add(next);
        found.add(next);
        stack.push(next);
      }
    }
  }
  return found;
}

// Through its bends with curves that leave and arrive level.
function curve(line: number[]): string {
  let path = `M${line[0]},${line[1]}`;
  for (let i = 2; i < line.length; i += 2) {
    const [x0, y0, x1, y1] = [line[i - 2]!, line[i - 1]!, line[i]!, line[i + 1]!];
    const middle = (x0 + x1) / 2;
    path += y0 === y1 ? `L${x1},${y1}` : `C${middle},${y0} ${middle},${y1} ${x1},${y1}`;
  }
  return path;
}

function Canvas({graph, selected, height, onSelect}: Props & {graph: Graph}) {
  const place = useRef<SVGSVGElement>(null);
  const [size, setSize] = useState({width: 800, height: height ?? 600});
  const [sight, setSight] = useState<Sight | null>(null);
  const focus = graph.nodes.findIndex((node) => node.id === selected);
  const lit = useMemo(() => (focus >= 0 ? related(graph, focus) : null), [graph, focus]);
  const drag = useRef<{x: number; y: number; moved: boolean} | null>(null);

  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => entry && setSize({width: entry.contentRect.width, height: entry.contentRect.height}));
    observer.observe(place.current!);
    return () => observer.disconnect();
  }, []);
  const fitted = useMemo<Sight>(() => {
    const scale = Math.min(1, Math.max(0.35, Math.min((size.width - 48) / graph.width, (size.height - 48) / graph.height)));
    const node = graph.nodes[focus];
    const wide = graph.width * scale > size.width - 24;
    const tall = graph.height * scale > size.height - 24;
    return {
      scale,
      x: wide ? (node ? size.width / 2 - (node.x + graph.box_width / 2) * scale : 24) : (size.width - graph.width * scale) / 2,
      y: tall ? (node ? size.height / 2 - (node.y + graph.box_height / 2) * scale : 24) : (size.height - graph.height * scale) / 2,
    };
  }, [graph, size, focus]);
  useEffect(() => setSight(null), [graph]);
  const now = sight ?? fitted;

  const zoom = (factor: number, x = size.width / 2, y = size.height / 2) => {
    const scale = Math.min(2.5, Math.max(0.05, now.scale * factor));
    const ratio = scale / now.scale;
    setSight({scale, x: x - (x - now.x) * ratio, y: y - (y - now.y) * ratio});
  };
  useEffect(() => {
    const svg = place.current!;
    const onWheel = (event: WheelEvent) => {
      // A page scrolls on; the graph zooms where it has the focus, or with Ctrl.
      if (!event.ctrlKey && height !== undefined && !svg.contains(document.activeElement)) return;
      event.preventDefault();
      const box = svg.getBoundingClientRect();
      if (event.ctrlKey || !event.shiftKey) zoom(Math.exp(-event.deltaY * 0.0015), event.clientX - box.left, event.clientY - box.top);
      else setSight({...now, x: now.x - event.deltaY});
    };
    svg.addEventListener('wheel', onWheel, {passive: false});
    return () => svg.removeEventListener('wheel', onWheel);
  });

  // Left and right follow the lines, up and down the column.
  const onKey = (event: KeyboardEvent, at: number) => {
    if (event.key === 'Enter' || event.key === ' ') return;
    const here = graph.nodes[at]!;
    const nearest = (ids: number[]) => ids.sort((a, b) => Math.abs(graph.nodes[a]!.y - here.y) - Math.abs(graph.nodes[b]!.y - here.y))[0];
    const column = (way: number) => nearest(graph.nodes.map((_, i) => i).filter((i) => i !== at && Math.abs(graph.nodes[i]!.x - here.x) < graph.box_width / 2 && (graph.nodes[i]!.y - here.y) * way > 0));
    const moves: Record<string, () => number | undefined> = {
      ArrowRight: () => nearest(graph.edges.filter((edge) => edge.from === at).map((edge) => edge.to)),
      ArrowLeft: () => nearest(graph.edges.filter((edge) => edge.to === at).map((edge) => edge.from)),
      ArrowDown: () => column(1),
      ArrowUp: () => column(-1),
    };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    const to = move();
    if (to === undefined) return;
    reveal(graph.nodes[to]!);
    requestAnimationFrame(() => place.current?.querySelector<SVGAElement>(`[data-node="${to}"]`)?.focus());
  };
  const reveal = (node: GraphNode) => {
    const x = node.x * now.scale + now.x;
    const y = node.y * now.scale + now.y;
    const inside = x > 0 && y > 0 && x + graph.box_width * now.scale < size.width && y + graph.box_height * now.scale < size.height;
    if (!inside) setSight({...now, x: size.width / 2 - (node.x + graph.box_width / 2) * now.scale, y: size.height / 2 - node.y * now.scale});
  };

  const seen = (x0: number, y0: number, x1: number, y1: number) =>
    Math.max(x0, x1) * now.scale + now.x > -50 && Math.min(x0, x1) * now.scale + now.x < size.width + 50 && Math.max(y0, y1) * now.scale + now.y > -50 && Math.min(y0, y1) * now.scale + now.y < size.height + 50;
  return (
    <div class="graph" style={height === undefined ? undefined : {height: `${height}px`}}>
      <svg ref={place} role="group" aria-label={`Lineage of ${graph.nodes.length} resources. Arrow keys follow the lines.`}
        onPointerDown={(event) => { if (event.button === 0) drag.current = {x: event.clientX - now.x, y: event.clientY - now.y, moved: false}; }}
        onPointerMove={(event) => {
          if (!drag.current || !(event.buttons & 1)) return;
          const x = event.clientX - drag.current.x;
          const y = event.clientY - drag.current.y;
          if (!drag.current.moved && Math.hypot(x - now.x, y - now.y) < 4) return;
          drag.current.moved = true;
          setSight({...now, x, y});
        }}
        onPointerUp={() => setTimeout(() => (drag.current = null))}
        onClickCapture={(event) => drag.current?.moved && (event.preventDefault(), event.stopPropagation())}>
        <g transform={`translate(${now.x},${now.y}) scale(${now.scale})`}>
          {graph.column_edges.length === 0 && graph.edges.map((edge, i) => {
            const line = edge.line;
            const from = graph.nodes[edge.from]!;
            if (line.length < 4 || !seen(line[0]!, Math.min(line[1]!, line.at(-1)!), line.at(-2)!, Math.max(line[1]!, line.at(-1)!)) && !seen(from.x, from.y, from.x, from.y)) return null;
            return <path key={i} class={`edge ${lit ? (lit.has(edge.from) && lit.has(edge.to) ? 'lit' : 'dim') : ''}`} d={curve(line)} />;
          })}
          {graph.column_edges.map((edge) => {
            const from = columnPlace(graph, edge.from, edge.from_column);
            const to = columnPlace(graph, edge.to, edge.to_column);
            return <path class="edge lit" d={curve([from.x + graph.box_width, from.y, to.x, to.y])} />;
          })}
          {graph.nodes.map((node, i) => seen(node.x, node.y, node.x + graph.box_width, node.y + graph.box_height) && (
            <NodeView key={node.id} node={node} at={i} width={graph.box_width} height={graph.box_height} columnHeight={graph.column_height} state={i === focus ? 'selected' : lit && !lit.has(i) ? 'dim' : ''} onKey={onKey} onSelect={onSelect} />
          ))}
        </g>
      </svg>
      <div class="zoom">
        <button type="button" class="icon" aria-label="Zoom in" onClick={() => zoom(1.3)}>+</button>
        <button type="button" class="icon" aria-label="Zoom out" onClick={() => zoom(1 / 1.3)}>−</button>
        <button type="button" class="icon" aria-label="Show all" onClick={() => setSight(null)}>⤢</button>
      </div>
    </div>
  );
}

// The middle of a column's row at the left of its box.
function columnPlace(graph: Graph, at: number, column: string): {x: number; y: number} {
  const node = graph.nodes[at]!;
  const row = node.columns?.indexOf(column) ?? 0;
  return {x: node.x, y: node.y + graph.box_height + (row + 0.5) * graph.column_height - 4};
}

const clip = (text: string, most: number) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

interface NodeProps {
  node: GraphNode;
  at: number;
  width: number;
  height: number;
  columnHeight: number;
  state: string;
  onKey: (event: KeyboardEvent, at: number) => void;
  onSelect?: (id: string) => void;
}

function NodeView({node, at, width, height, columnHeight, state, onKey, onSelect}: NodeProps) {
  const tests = testText(node.tests);
  const words = [node.type, node.materialized, node.status && `last run ${node.status}`, tests && `tests ${tests}`].filter(Boolean).join(', ');
  const dots: [string, string][] = [];
  if (node.status) dots.push([stateOf(node.status), 'run']);
  if (testState(node.tests) !== 'none') dots.push([testState(node.tests), 'tests']);
  return (
    <a class={`node ${node.type} ${state}`} href={entryAddress(node.id)} data-node={at} {...{transform: `translate(${node.x},${node.y})`}} aria-label={`${node.name}: ${words}`}
      onKeyDown={(event) => onKey(event, at)} onClick={onSelect && ((event) => { event.preventDefault(); onSelect(node.id); })}>
      <title>{`${node.name}\n${words}`}</title>
      <rect class="box" width={width} height={height + (node.columns?.length ?? 0) * columnHeight} rx="7" />
      <rect class="letter-box" x="8" y={height / 2 - 10} width="20" height="20" rx="5" />
      <text class="letter" x="18" y={height / 2 + 4} text-anchor="middle">{letterOf(node.type)}</text>
      <text class="name" x="36" y={height / 2 + 4.5}>{clip(node.name, dots.length > 0 ? 22 : 25)}</text>
      {node.columns?.map((column, i) => <text class="column-name" x="14" y={height + (i + 0.5) * columnHeight}>{clip(column, 27)}</text>)}
      {dots.map(([kind], i) => <circle class={`sign ${kind}`} cx={width - 12} cy={height / 2 + (dots.length === 1 ? 0 : i === 0 ? -6 : 6)} r="3.5" />)}
    </a>
  );
}
