// Everything can be reached and done without a mouse.
import assert from 'node:assert/strict';

const focused = (page) => page.evaluate(() => document.activeElement.textContent.trim().split('\n')[0]);

export default {
  'the first Tab offers to skip the menu': async ({page, site}) => {
    await page.goto(site.url);
    await page.waitForSelector('.tile .number');
    await page.keyboard.press('Tab');
    assert.equal(await focused(page), 'Skip to content');
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'main');
  },

  'focus is visible': async ({page, site}) => {
    await page.goto(site.url);
    await page.waitForSelector('.tile .number');
    await page.locator('button[data-input=season]').focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Shift+Tab');
    const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
    assert.equal(outline, 'solid');
  },

  'a dropdown obeys arrows, letters, Enter and Escape': async ({page, site}) => {
    await page.goto(site.url);
    await page.waitForSelector('.tile .number');
    await page.locator('button[data-input=season]').focus();
    await page.keyboard.press('ArrowDown');
    await page.waitForSelector('[role=listbox]');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL(/season=autumn/);
    assert.equal(await page.evaluate(() => document.activeElement.dataset.input), 'season');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('w');
    await page.keyboard.press('Enter');
    await page.waitForURL(/season=winter/);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Escape');
    await page.waitForSelector('.dropdown [role=listbox]', {state: 'detached'});
  },

  '/ searches, arrows choose, Enter opens': async ({page, site}) => {
    await page.goto(site.url);
    await page.waitForSelector('.tile .number');
    await page.keyboard.press('/');
    await page.keyboard.type('temperature');
    await page.waitForSelector('dialog [role=option]');
    assert.match(await page.locator('dialog .active').innerText(), /temperature in rides/);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/catalog\/model\.browser_tests\.rides#column-temperature/);
    await page.waitForSelector('dialog[open]', {state: 'detached'});
    await page.keyboard.press('Control+k');
    await page.waitForSelector('dialog[open]');
    await page.keyboard.type('inputs');
    await page.waitForSelector('dialog [role=option]');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/inputs$/);
  },

  'arrows walk along the lineage': async ({page, site}) => {
    await page.goto(`${site.url}/lineage`);
    await page.waitForSelector('.node');
    await page.locator('.node', {hasText: 'holidays'}).focus();
    await page.keyboard.press('ArrowRight');
    await page.waitForFunction(() => document.activeElement.getAttribute('aria-label')?.startsWith('rides:'));
    await page.keyboard.press('ArrowLeft');
    await page.waitForFunction(() => document.activeElement.getAttribute('aria-label')?.startsWith('holidays:'));
    await page.keyboard.press('Enter');
    await page.waitForURL(/node=seed\.browser_tests\.holidays/);
  },
};
