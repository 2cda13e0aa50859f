// Markup: the server's HTML as elements of the app, with components in its slots.
import {type ComponentChildren, Fragment, h, type VNode} from 'preact';

export type Slot = (id: number) => VNode;
// How a slot flows: side by side with its like ("tile", "input"), alone ("block"), or within a line ("inline").
export type Flow = (id: number) => 'tile' | 'input' | 'block' | 'inline';

const parser = new DOMParser();
const kept = new Set(['href', 'title', 'src', 'alt', 'class', 'align', 'id', 'start', 'type', 'checked', 'disabled', 'aria-label', 'aria-hidden']);

function slotId(node: Node): number | null {
  return node instanceof Element && node.localName === 'rynd-slot' ? Number(node.getAttribute('n')) : null;
}

function slug(text: string): string {
  return text.toLowerCase().trim().replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '');
}

export function Markup({html, slot, flow}: {html: string; slot?: Slot; flow?: Flow}) {
  const body = parser.parseFromString(html, 'text/html').body;
  return <>{children(body, slot, flow)}</>;
}

// Neighbouring slots of one flow share a row; white space between them is nothing.
function children(parent: Node, slot?: Slot, flow?: Flow): ComponentChildren[] {
  const out: ComponentChildren[] = [];
  let row: {kind: string; items: VNode[]} | null = null;
  const finish = () => {
    if (row) out.push(<div class={`row ${row.kind}s`}>{row.items}</div>);
    row = null;
  };
  for (const node of unwrapped(parent, flow)) {
    const id = slotId(node);
    const kind = id !== null && flow ? flow(id) : null;
    if (id !== null && slot && (kind === 'tile' || kind === 'input')) {
      if (row && row.kind !== kind) finish();
      row ??= {kind, items: []};
      row.items.push(slot(id));
      continue;
    }
    if (row && node.nodeType === Node.TEXT_NODE && !node.textContent!.trim()) continue;
    finish();
    out.push(id !== null && slot ? slot(id) : element(node, slot, flow));
  }
  finish();
  return out;
}

// A paragraph that holds blocks is none.
function unwrapped(parent: Node, flow?: Flow): Node[] {
  return [...parent.childNodes].flatMap((node) => {
    const holdsBlock = node instanceof Element && node.localName === 'p' && flow &&
      [...node.childNodes].some((child) => slotId(child) !== null && flow(slotId(child)!) !== 'inline');
    return holdsBlock ? [...node.childNodes] : [node];
  });
}

function element(node: Node, slot?: Slot, flow?: Flow): ComponentChildren {
  if (node.nodeType === Node.TEXT_NODE) return node.textContent;
  if (!(node instanceof Element)) return null;
  const properties: Record<string, string> = {};
  for (const {name, value} of node.attributes) if (kept.has(name)) properties[name] = value;
  if (/^h[1-6]$/.test(node.localName)) properties.id ??= slug(node.textContent ?? '');
  const inside = children(node, slot, flow);
  if (node.localName === 'table') return <div class="scroll">{h('table', properties, h(Fragment, null, inside))}</div>;
  return h(node.localName, properties, inside);
}
