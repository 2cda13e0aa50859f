// Runs every case of cases/*.mjs in a browser of its own against one server; ends with 'N passed, N failed'.
// node run.mjs BIN [WORD]: only cases whose name holds the word. RYND_URL and RYND_PROJECT: a server that runs already.
import {spawn, spawnSync} from 'node:child_process';
import {cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {chromium} from 'playwright-core';

const here = new URL('.', import.meta.url).pathname;
const [bin, only = ''] = process.argv.slice(2);

function findChromium() {
  const found = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => path && existsSync(path));
  if (!found) throw new Error('no Chromium found; set CHROMIUM');
  return found;
}

// Builds the project in a folder of its own and serves it.
async function start() {
  const folder = mkdtempSync(join(tmpdir(), 'rynd-browser-'));
  cpSync(join(here, 'project'), folder, {recursive: true});
  const built = spawnSync(bin, ['build', '--project-dir', folder, '--profiles-dir', folder], {encoding: 'utf8'});
  if (built.status !== 0) throw new Error(`rynd build failed:\n${built.stdout}${built.stderr}`);
  const server = spawn(bin, ['up', '--project-dir', folder, '--profiles-dir', folder, '--port', '0'], {stdio: ['ignore', 'pipe', 'pipe']});
  let output = '';
  for (const stream of [server.stdout, server.stderr]) stream.on('data', (chunk) => (output += chunk));
  const file = join(folder, '.rynd', 'server.json');
  for (let i = 0; i < 200 && !existsSync(file); i++) {
    if (server.exitCode !== null) throw new Error(`rynd up ended:\n${output}`);
    await sleep(50);
  }
  if (!existsSync(file)) throw new Error(`rynd up does not listen:\n${output}`);
  return {folder, server, file, bin, ...JSON.parse(readFileSync(file, 'utf8'))};
}

function attach() {
  const folder = process.env.RYND_PROJECT;
  return {folder, bin, ...JSON.parse(readFileSync(join(folder, '.rynd', 'server.json'), 'utf8'))};
}

const site = process.env.RYND_PROJECT ? attach() : await start();
const browser = await chromium.launch({executablePath: findChromium(), args: ['--no-sandbox', '--disable-gpu']});
let passed = 0;
let failed = 0;

async function run(name, test) {
  const context = await browser.newContext({viewport: {width: 1280, height: 900}, ...(test.context ?? {})});
  const page = await context.newPage();
  page.setDefaultTimeout(8000);
  const seen = {requests: [], errors: []};
  page.on('request', (request) => seen.requests.push(request.url()));
  page.on('pageerror', (error) => seen.errors.push(error.message));
  page.on('console', (message) => message.type() === 'error' && !/status of 4\d\d/.test(message.text()) && seen.errors.push(message.text()));
  const started = Date.now();
  try {
    await test.run({page, site, seen, browser});
    if (seen.errors.length > 0) throw new Error(`errors in the browser: ${seen.errors.join('; ')}`);
    passed++;
    console.log(`ok    ${name} (${Date.now() - started} ms)`);
  } catch (error) {
    failed++;
    console.log(`FAIL  ${name}\n      ${String(error.stack ?? error).split('\n').slice(0, 12).join('\n      ')}`);
    if (process.env.SHOTS) await page.screenshot({path: join(process.env.SHOTS, `${name.replace(/\W+/g, '-')}.png`)});
  }
  await context.close();
}

try {
  for (const file of readdirSync(join(here, 'cases')).sort()) {
    const {default: cases} = await import(join(here, 'cases', file));
    for (const [name, test] of Object.entries(cases)) {
      const full = `${file.replace('.mjs', '')}: ${name}`;
      if (full.includes(only)) await run(full, typeof test === 'function' ? {run: test} : test);
    }
  }
} finally {
  await browser.close();
  if (site.server) {
    const ended = new Promise((resolve) => site.server.once('exit', (code) => resolve(code)));
    site.server.kill('SIGTERM');
    const code = await ended;
    const clean = code === 0 && !existsSync(site.file);
    clean ? passed++ : failed++;
    console.log(`${clean ? 'ok   ' : 'FAIL '} server: SIGTERM ends it with 0 and takes server.json away (exit ${code})`);
    rmSync(site.folder, {recursive: true, force: true});
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
