// Catalog, search and lineage.
import assert from 'node:assert/strict';

export default {
  'the catalog lists, filters and counts': async ({page, site}) => {
    await page.goto(`${site.url}/catalog`);
    await page.waitForSelector('.resources tbody tr');
    const names = () => page.locator('.resources tbody .named').allInnerTexts();
    const all = (await names()).map((text) => text.split('\n').pop());
    for (const name of ['rides', 'daily', 'holidays', 'When does the city ride?']) assert.ok(all.includes(name), `${name} in ${all}`);
    await page.getByLabel('Filter the catalog').fill('independent nothing');
    assert.equal((await names()).length, 0);
    await page.getByLabel('Filter the catalog').fill('hour');
    await page.waitForURL(/q=hour/);
    assert.ok((await names()).some((text) => text.includes('rides')));
    await page.getByLabel('Filter the catalog').fill('');
    await page.getByRole('button', {name: /^seeds/}).click();
    await page.waitForURL(/type=seed/);
    assert.equal((await names()).length, 1);
  },

  'an entry has columns, tests with their last word, and lineage': async ({page, site}) => {
    await page.goto(`${site.url}/catalog/model.browser_tests.rides`);
    await page.waitForSelector('.entry .node');
    assert.match(await page.locator('.facts').innerText(), /Model, table/);
    const row = page.locator('#column-rides');
    assert.match(await row.innerText(), /rides\s+double\s+Number of hires in the hour\.\s+not_null/);
    assert.equal(await row.locator('.dot.good').count(), 1);
    assert.match(await page.locator('.entry header .prose').innerHTML(), /<strong>hour<\/strong>/);
    const nodes = await page.locator('.node').evaluateAll((all) => all.map((node) => node.getAttribute('aria-label').split(':')[0]));
    for (const name of ['holidays', 'rides', 'daily', 'When does the city ride?']) assert.ok(nodes.includes(name), `${name} in ${nodes}`);
    await page.getByText('Code', {exact: true}).click();
    assert.match(await page.locator('.entry pre').innerText(), /ref\('holidays'\)/);
  },

  'a column leads to what it is made of': async ({page, site}) => {
    await page.goto(`${site.url}/catalog/model.browser_tests.daily`);
    await page.waitForSelector('#column-rides_a_day');
    assert.match(await page.locator('#column-rides_a_day').innerText(), /from rides\.rides/);
    await page.locator('#column-rides_a_day .column-link').click();
    await page.waitForURL(/column=rides_a_day/);
    await page.waitForFunction(() => document.querySelectorAll('.node .column-name').length === 2);
    assert.equal(await page.locator('.edge').count(), 1);
  },

  'a warning is a warning': async ({page, site}) => {
    await page.goto(`${site.url}/catalog/model.browser_tests.daily`);
    await page.waitForSelector('#column-season');
    assert.equal(await page.locator('#column-season .dot.warn').count(), 1);
  },

  'the graph is drawn without overlaps, and a click lights a line': async ({page, site}) => {
    await page.goto(`${site.url}/lineage`);
    await page.waitForSelector('.node');
    const boxes = await page.locator('.node .box').evaluateAll((all) => all.map((box) => box.getBoundingClientRect().toJSON()));
    for (const [i, a] of boxes.entries()) for (const b of boxes.slice(0, i)) assert.ok(a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top);
    assert.ok((await page.locator('.edge').count()) >= 3);
    await page.locator('.node', {hasText: 'daily'}).click();
    await page.waitForURL(/node=model\.browser_tests\.daily/);
    await page.waitForSelector('.node.selected');
    await page.getByRole('button', {name: '1 step'}).click();
    await page.waitForFunction(() => document.querySelectorAll('.node').length === 2);
    await page.getByRole('button', {name: 'whole graph'}).click();
    await page.waitForSelector('.node.dim');
  },
};
