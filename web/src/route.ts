// Route: the address is the state: which page, and what its inputs stand at.
import {computed, signal} from '@preact/signals';

export const address = signal(new URL(location.href));
export const path = computed(() => decodeURIComponent(address.value.pathname));
export const parameters = computed(() => address.value.searchParams);

// The page that an address names: "/" is "index".
export const pageName = (of: string) => of.replace(/^\/+|\/+$/g, '') || 'index';
export const pageAddress = (name: string) => (name === 'index' ? '/' : `/${name.split('/').map(encodeURIComponent).join('/')}`);
export const entryAddress = (id: string) => `/catalog/${encodeURIComponent(id)}`;

export function go(to: string, replace = false) {
  const next = new URL(to, location.href);
  if (next.href === address.value.href) return;
  const samePage = next.pathname === address.value.pathname;
  history[replace ? 'replaceState' : 'pushState'](null, '', next);
  address.value = next;
  if (!samePage) scrollTo(0, 0);
}

// Changes parameters, and keeps the others; null takes one away.
export function set(changes: Record<string, string[] | string | null>, replace = false) {
  const next = new URL(address.value);
  for (const [name, value] of Object.entries(changes)) {
    next.searchParams.delete(name);
    for (const item of value === null ? [] : Array.isArray(value) ? value : [value]) next.searchParams.append(name, item);
  }
  go(next.href, replace);
}

// Links within the app do not load it again.
export function followAddress() {
  addEventListener('popstate', () => (address.value = new URL(location.href)));
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element).closest?.('a[href]') as HTMLAnchorElement | SVGAElement | null;
    if (!link || link.hasAttribute('download') || link.getAttribute('target')) return;
    const href = link.getAttribute('href')!;
    const to = new URL(href, location.href);
    if (to.origin !== location.origin || to.pathname.startsWith('/api/') || href.startsWith('#')) return;
    event.preventDefault();
    go(to.href);
  });
}
