// The page: text, charts, tables, inputs, address, theme.
import assert from 'node:assert/strict';

const open = async (page, site, path = '/') => {
  await page.goto(site.url + path);
  await page.waitForSelector('.drawing svg path', {state: 'attached'});
};
const big = (page, title) => page.locator('.tile').filter({has: page.locator('figcaption', {hasText: new RegExp(`^${title}$`)})}).locator('.number');
const number = async (page, title) => Number((await big(page, title).innerText()).replace(/[^\d.]/g, ''));

export default {
  'text, numbers and menu are there': async ({page, site}) => {
    await open(page, site);
    assert.equal(await page.title(), 'When does the city ride?');
    assert.equal(await page.locator('h1').innerText(), 'When does the city ride?');
    assert.ok((await number(page, 'Hires')) > 100_000);
    assert.match(await page.locator('article').innerText(), /In all\s+[\d,]+\s+hires/);
    assert.deepEqual(await page.locator('.side .item').allInnerTexts().then((all) => all.map((text) => text.split('\n')[0])),
      ['When does the city ride?', 'Inputs', 'Broken', 'Catalog', 'Lineage']);
  },

  'all kinds of charts are drawn': async ({page, site}) => {
    await open(page, site);
    for (const title of ['Hires in an average hour', 'Hires on an average day', 'Hires by season', 'Hires a day', 'Every day: warmth and hires']) {
      const figure = page.getByRole('figure', {name: title, exact: true});
      await figure.locator('.drawing svg').waitFor();
      const shapes = await figure.locator('.drawing svg path').count();
      assert.ok(shapes > 5, `${title} has ${shapes} shapes`);
    }
  },

  'every chart is also a table and a CSV': async ({page, site}) => {
    await open(page, site);
    const figure = page.getByRole('figure', {name: 'Hires by season'});
    await figure.getByRole('button', {name: 'Table'}).click();
    assert.deepEqual(await figure.locator('th').allInnerTexts(), ['Season', 'Rides']);
    assert.equal(await figure.locator('tbody tr').count(), 4);
    const [download] = await Promise.all([page.waitForEvent('download'), figure.getByRole('link', {name: /CSV/}).click()]);
    assert.equal(download.suggestedFilename(), 'by_season.csv');
    const stream = await download.createReadStream();
    let text = '';
    for await (const chunk of stream) text += chunk;
    assert.match(text, /^season,rides\r\n/);
    assert.equal(text.trim().split('\r\n').length, 5);
  },

  'a dropdown changes data and address, Back takes it back': async ({page, site}) => {
    await open(page, site);
    const all = await number(page, 'Hires');
    await page.locator('button[data-input=season]').click();
    await page.getByRole('option', {name: 'winter'}).click();
    await page.waitForURL('**/?season=winter');
    await page.waitForFunction((before) => Number(document.querySelector('.tile .number').textContent.replace(/\D/g, '')) < before, all);
    const winter = await number(page, 'Hires');
    assert.ok(winter > 0 && winter < all / 2);
    await page.goBack();
    await page.waitForFunction((before) => Number(document.querySelector('.tile .number').textContent.replace(/\D/g, '')) === before, all);
    assert.equal(new URL(page.url()).search, '');
    assert.equal(await page.locator('button[data-input=season]').innerText(), 'All year');
  },

  'an address with a choice opens with it': async ({page, site}) => {
    await open(page, site, '/?season=summer&period.start=2011-07-01&period.end=2011-07-31');
    assert.equal(await page.locator('button[data-input=season]').innerText(), 'summer');
    assert.equal(await page.getByLabel('First day').inputValue(), '2011-07-01');
    const figure = page.getByRole('figure', {name: 'Hires by season'});
    await figure.getByRole('button', {name: 'Table'}).click();
    assert.deepEqual(await figure.locator('tbody td:first-child').allInnerTexts(), ['summer']);
  },

  'a date range changes data and address': async ({page, site}) => {
    await open(page, site);
    const all = await number(page, 'Hires');
    await page.getByLabel('Last day').fill('2011-01-31');
    await page.getByLabel('Last day').blur();
    await page.waitForURL(/period\.end=2011-01-31/);
    await page.waitForFunction((before) => Number(document.querySelector('.tile .number').textContent.replace(/\D/g, '')) < before / 5, all);
    await page.getByLabel('Preset').selectOption('Last 30 Days');
    await page.waitForURL(/period\.start=2011-12-02/);
    assert.equal(await page.getByLabel('Last day').inputValue(), '2011-12-31');
  },

  'only queries that an input touches are asked again': async ({page, site, seen}) => {
    await open(page, site);
    await page.waitForLoadState('networkidle').catch(() => {});
    seen.requests.length = 0;
    await page.locator('button[data-input=season]').click();
    await Promise.all([page.waitForResponse(/query\/busiest\?season=winter/), page.getByRole('option', {name: 'winter'}).click()]);
    const queries = seen.requests.filter((url) => url.includes('/query/')).map((url) => url.match(/query\/(\w+)/)[1]);
    assert.ok(!queries.includes('seasons') && !queries.includes('days'), queries.join());
  },

  'several values, numbers and hostile values': async ({page, site}) => {
    await page.goto(`${site.url}/inputs`);
    await big(page, 'Days').first().waitFor();
    assert.equal(await page.locator('.tile').nth(0).locator('.number').innerText(), '365');
    assert.equal(await page.locator('.tile').nth(1).locator('.number').innerText(), '0');
    await page.locator('button[data-input=days]').click();
    await page.getByRole('option', {name: 'Monday'}).click();
    await page.getByRole('option', {name: 'Tuesday'}).click();
    await page.waitForFunction(() => document.querySelectorAll('.tile .number')[1].textContent === '2,496');
    await page.getByRole('option', {name: /Hara/}).click();
    await page.keyboard.press('Escape');
    await page.waitForURL(/drop\+table/);
    assert.equal(await page.locator('.tile').nth(1).locator('.number').innerText(), '2,496');
    assert.equal(await page.locator('.drawn').count(), 0);
  },

  'a table sorts, filters and turns its pages': async ({page, site}) => {
    await open(page, site);
    const figure = page.locator('.figure.table').last();
    assert.equal(await figure.locator('tbody tr').count(), 8);
    const first = await figure.locator('tbody tr').first().innerText();
    await figure.getByRole('button', {name: 'Next page'}).click();
    assert.notEqual(await figure.locator('tbody tr').first().innerText(), first);
    await figure.getByRole('button', {name: 'Hires'}).click();
    assert.equal(await figure.locator('th[aria-sort=ascending]').count(), 1);
    await figure.getByLabel('Filter rows').fill('Friday');
    for (const row of await figure.locator('tbody tr').allInnerTexts()) assert.match(row, /Friday/);
  },

  'mistakes are shown in place, the rest works': async ({page, site}) => {
    await page.goto(`${site.url}/reports/broken`);
    await page.waitForFunction(() => document.querySelectorAll('.drawn').length === 4);
    const drawn = await page.locator('.drawn').allInnerTexts();
    assert.match(drawn[0], /temperatur.*\n\s+--> pages\/reports\/broken\.md:14:15[\s\S]*\^{10} did you mean 'temperature'\?/);
    assert.match(drawn[1], /RYND0715\]: the query 'cols' has no column 'ride_dat'[\s\S]*did you mean 'ride_date'/);
    assert.match(drawn[2], /RYND0701\]: there is no component 'LinChart'[\s\S]*did you mean 'LineChart'/);
    assert.match(drawn[3], /RYND0705\]: the page has no query 'col'/);
    assert.equal(await page.locator('.figure.table tbody tr').count(), 1);
    assert.equal(await page.locator('.side .badge').innerText(), '2');
  },

  'a page that is not there says so': async ({page, site}) => {
    await page.goto(`${site.url}/indx`);
    assert.match(await page.locator('.drawn').innerText(), /there is no page 'indx'[\s\S]*did you mean 'index'/);
  },

  'dark and light follow the system, and the reader': {
    context: {colorScheme: 'dark'},
    run: async ({page, site}) => {
      await open(page, site);
      const paper = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
      assert.equal(await paper(), 'rgb(20, 22, 26)');
      await page.getByRole('button', {name: 'Use light colours'}).click();
      assert.equal(await paper(), 'rgb(252, 252, 251)');
      await page.reload();
      assert.equal(await paper(), 'rgb(252, 252, 251)');
    },
  },

  'a narrow screen has it all': {
    context: {viewport: {width: 390, height: 844}},
    run: async ({page, site}) => {
      await open(page, site);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
      await page.getByRole('button', {name: 'Menu'}).click();
      await page.getByRole('link', {name: 'Catalog'}).click();
      await page.waitForSelector('.catalog');
      assert.equal(await page.locator('.side.open').count(), 0);
    },
  },

  'what is fresh and tested is said': async ({page, site}) => {
    await open(page, site);
    const note = page.locator('.freshness summary');
    assert.match(await note.innerText(), /Data as of (just now|\d+ minutes? ago)\s*· 2 tests pass/);
    await note.click();
    assert.match(await page.locator('.freshness tbody').innerText(), /rides/);
  },
};
