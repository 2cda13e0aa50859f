// What must not happen: requests to elsewhere, too much to load, SQL from outside, strangers' access.
import assert from 'node:assert/strict';
import http from 'node:http';
import {appendFileSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';

const get = async (site, path, options = {}) => {
  const response = await fetch(site.url + path, options);
  return {status: response.status, headers: response.headers, body: await response.json().catch(() => null)};
};
// fetch sets Host by itself.
const asHost = (site, host) => new Promise((resolve, reject) => {
  http.get({host: '127.0.0.1', port: site.port, path: '/api/pages', headers: {Host: host}}, (response) => resolve(response.statusCode)).on('error', reject);
});

export default {
  'nothing is asked of another machine': async ({page, site, seen}) => {
    for (const path of ['/', '/inputs', '/catalog', '/catalog/model.browser_tests.rides', '/lineage']) {
      await page.goto(site.url + path);
      await page.waitForTimeout(400);
    }
    assert.ok(seen.requests.length > 20);
    for (const url of seen.requests) assert.ok(url.startsWith(`${site.url}/`) || url.startsWith('data:'), url);
    const policy = (await get(site, '/')).headers.get('content-security-policy');
    assert.match(policy, /default-src 'self'/);
  },

  'the app is small': async ({site}) => {
    const size = async (path) => {
      const response = await new Promise((resolve) => http.get(site.url + path, resolve));
      let bytes = 0;
      for await (const chunk of response) bytes += chunk.length;
      assert.equal(response.headers['content-encoding'], 'gzip', path);
      return bytes;
    };
    const app = await size('/assets/app.js');
    let all = app;
    for (const path of ['/', '/assets/app.css', '/assets/charts.js', '/assets/inter.woff2', '/icon.svg']) all += await size(path);
    console.log(`      app.js ${(app / 1024).toFixed(1)} KB, everything ${(all / 1024).toFixed(1)} KB, gzip'ed`);
    assert.ok(app < 40 * 1024);
    assert.ok(all < 450 * 1024);
  },

  'what the browser has is not sent again': async ({site}) => {
    const first = await fetch(`${site.url}/assets/app.js`);
    const again = await fetch(`${site.url}/assets/app.js`, {headers: {'If-None-Match': first.headers.get('etag')}});
    assert.equal(again.status, 304);
  },

  'an input is a value, whatever it says': async ({site}) => {
    const before = (await get(site, '/api/pages/index/query/totals')).body.data[0][0];
    assert.ok(before > 0);
    for (const text of ["' or 1=1 --", "x'; drop table rides; --", "%' union select 1,2,3,4,5 --", '$1', '${inputs.period.start}', '\\', '\u0000']) {
      const answer = await get(site, `/api/pages/index/query/totals?season=${encodeURIComponent(text)}`);
      assert.equal(answer.status, 200, `${text}: ${JSON.stringify(answer.body)}`);
      assert.equal(answer.body.data[0][0], null, text);
      assert.ok(!answer.body.sql.includes('drop') && !answer.body.sql.includes('union'), answer.body.sql);
    }
    assert.equal((await get(site, '/api/pages/index/query/totals')).body.data[0][0], before);
  },

  'a choice that is no number is refused in words': async ({site}) => {
    const answer = await get(site, '/api/pages/inputs/query/at_hour?hour=eight');
    assert.equal(answer.status, 422);
    assert.match(answer.body.text, /eight/);
    assert.match(answer.body.text, /pages\/inputs\.md/);
  },

  'another name for this machine is refused': async ({site}) => {
    assert.equal(await asHost(site, 'evil.example'), 403);
    assert.equal(await asHost(site, `localhost:${site.port}`), 200);
  },

  'queries and commands want the token': async ({site}) => {
    const post = (path, body, token) => get(site, path, {method: 'POST', body: JSON.stringify(body), headers: token ? {Authorization: `Bearer ${token}`} : {}});
    assert.equal((await post('/api/query', {sql: 'select 1'})).status, 401);
    assert.equal((await post('/api/query', {sql: 'select 1'}, 'wrong')).status, 401);
    assert.equal((await post('/api/command', {arguments: ['--version']})).status, 401);
    const good = await post('/api/query', {sql: 'select 42 as answer'}, site.token);
    assert.deepEqual(good.body.data, [[42]]);
    for (const sql of ['drop table rides', 'select 1; select 2', 'explain analyze delete from rides', "copy rides to '/tmp/x.csv'", 'insert into rides select * from rides', 'attach \'x.db\'', '']) {
      const refused = await post('/api/query', {sql}, site.token);
      assert.equal(refused.status, 422, sql);
      assert.match(refused.body.text, /RYND0720/);
    }
  },

  'the token is its owner\'s alone': async ({site}) => {
    assert.equal(statSync(join(site.folder, '.rynd', 'server.json')).mode & 0o777, 0o600);
  },

  'paths that are not ours are 404, methods 405': async ({site}) => {
    assert.equal((await get(site, '/api/nothing')).status, 404);
    assert.equal((await get(site, '/assets/nothing.js')).status, 404);
    assert.equal((await get(site, '/api/pages/index', {method: 'DELETE', headers: {Authorization: `Bearer ${site.token}`}})).status, 405);
    assert.equal((await get(site, '/api/pages/..%2f..%2fsecret')).status, 404);
  },

  'a page that is edited shows itself anew': async ({page, site}) => {
    const file = join(site.folder, 'pages', 'inputs.md');
    const before = readFileSync(file, 'utf8');
    await page.goto(`${site.url}/inputs`);
    await page.waitForSelector('.tile .number');
    await page.waitForTimeout(700);
    try {
      appendFileSync(file, '\n## Added while it was open\n');
      await page.waitForSelector('h2#added-while-it-was-open');
    } finally {
      writeFileSync(file, before);
    }
    await page.waitForFunction(() => !document.querySelector('h2#added-while-it-was-open'));
  },
};
