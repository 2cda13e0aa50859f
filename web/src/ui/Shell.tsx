// Shell: what stands around every page: menu, search, theme.
import {computed} from '@preact/signals';
import {useEffect, useState} from 'preact/hooks';
import type {PageList} from '../api';
import {CatalogView} from '../catalog/CatalogView';
import {EntryView} from '../catalog/EntryView';
import {LineageView} from '../lineage/LineageView';
import {connected, dataRevision, pagesRevision} from '../live';
import {useLoaded} from '../load';
import {PageView} from '../page/PageView';
import {pageAddress, pageName, path} from '../route';
import {dark, toggleTheme} from '../theme';
import {openSearch, SearchDialog} from './Search';

const view = computed(() => {
  const parts = path.value.split('/').filter(Boolean);
  if (parts[0] === 'catalog') return parts.length > 1 ? <EntryView id={parts.slice(1).join('/')} /> : <CatalogView />;
  if (parts[0] === 'lineage') return <LineageView />;
  return <PageView name={pageName(path.value)} />;
});

export function Shell() {
  const loaded = useLoaded<PageList>('/api/pages', pagesRevision.value);
  const [open, setOpen] = useState(false);
  const here = path.value;
  useEffect(() => setOpen(false), [here]);
  return (
    <>
      <a class="skip" href="#main">Skip to content</a>
      <header class="top">
        <button type="button" class="icon menu-button" aria-label="Menu" aria-expanded={open} aria-controls="menu" onClick={() => setOpen(!open)}>
          <svg viewBox="0 0 20 20" aria-hidden="true"><path d="M3 5.5h14M3 10h14M3 14.5h14" /></svg>
        </button>
        <span class="project">{loaded.value?.project ?? ''}</span>
        <button type="button" class="search-button" onClick={openSearch}>
          <svg viewBox="0 0 20 20" aria-hidden="true"><circle cx="8.5" cy="8.5" r="5" /><path d="M12.5 12.5L17 17" /></svg>
          <span>Search tables, columns, pages</span><kbd>/</kbd>
        </button>
        <button type="button" class="icon theme-button" aria-label={dark.value ? 'Use light colours' : 'Use dark colours'} onClick={toggleTheme}>
          <svg viewBox="0 0 20 20" aria-hidden="true">{dark.value ? <path d="M10 4V2m0 16v-2m6-6h2M2 10h2m10.2-4.2l1.4-1.4M4.4 15.6l1.4-1.4m8.4 0l1.4 1.4M4.4 4.4l1.4 1.4M13.5 10a3.5 3.5 0 1 1-7 0 3.5 3.5 0 0 1 7 0z" /> : <path d="M16.5 12.2A7 7 0 0 1 7.8 3.5a7 7 0 1 0 8.7 8.7z" />}</svg>
        </button>
      </header>
      <nav class={`side ${open ? 'open' : ''}`} id="menu" aria-label="Pages">
        <a class="project" href="/"><img src="/icon.svg" alt="" />{loaded.value?.project ?? 'rynd'}</a>
        <Pages list={loaded.value} here={here} />
        <div class="group">
          <h2>Data</h2>
          <Item to="/catalog" current={here.startsWith('/catalog')}>Catalog</Item>
          <Item to="/lineage" current={here.startsWith('/lineage')}>Lineage</Item>
        </div>
        <p class="mark"><span class={`dot ${connected.value ? 'good' : 'bad'}`} />{connected.value ? 'rynd, live' : 'rynd does not answer'}</p>
      </nav>
      <main id="main" tabIndex={-1} key={here.split('?')[0]}>{view}</main>
      <SearchDialog />
      <span class="hidden" aria-hidden="true">{dataRevision}</span>
    </>
  );
}

function Pages({list, here}: {list?: PageList; here: string}) {
  if (!list) return null;
  const groups = new Map<string, PageList['pages']>();
  for (const page of list.pages) {
    const slash = page.name.lastIndexOf('/');
    const folder = slash < 0 ? '' : page.name.slice(0, slash);
    groups.set(folder, [...(groups.get(folder) ?? []), page]);
  }
  return (
    <>
      {[...groups].map(([folder, pages]) => (
        <div class="group">
          <h2>{folder ? folder.replace(/[-_/]+/g, ' ') : 'Pages'}</h2>
          {pages.map((page) => (
            <Item to={pageAddress(page.name)} current={pageName(here) === page.name}>
              {page.title}{page.problems > 0 && <span class="badge bad" title={`${page.problems} problems`}>{page.problems}</span>}
            </Item>
          ))}
        </div>
      ))}
      {list.pages.length === 0 && <p class="quiet">No pages yet. Add <code>pages/index.md</code>.</p>}
    </>
  );
}

function Item({to, current, children}: {to: string; current: boolean; children: preact.ComponentChildren}) {
  return <a class="item" href={to} aria-current={current ? 'page' : undefined}>{children}</a>;
}
