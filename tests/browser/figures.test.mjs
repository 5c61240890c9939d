// The figures of the territory: by day, by night and on paper, with a search that found nobody in them.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { comeIn, look } from './keyboard.mjs';
import { faults, journey, open, overflow, unreachable } from './site.mjs';

const PAGE = '/organisation/chiffres';

let site;
before(async () => { site = await open(); });
after(() => site?.close());

test('an organiser reads, prints and takes away where the territory stands', async () => {
  const page = await site.visitor({ viewport: { width: 1280, height: 740 } });
  await journey('figures', page, async () => {
    for (const words of ['ananas', 'Ananas', 'avocat', 'AVOCAT']) await page.goto(`/annuaire?q=${words}`);
    await comeIn(page);
    await page.click('main a[href="/organisation/chiffres"]');
    await page.waitForURL(`**${PAGE}`);
    assert.ok((await page.locator('svg.chart').count()) >= 5, 'bars are drawn');
    // The server writes down what it counted every ten seconds.
    for (let tries = 0; tries < 30 && !(await page.textContent('#recherches')).includes('ananas'); tries += 1) {
      await page.waitForTimeout(500);
      await page.reload();
    }
    assert.match(await page.textContent('#recherches'), /«\sananas\s»/);
    assert.equal(await page.locator('svg.chart rect[width="0.0%"]').count(), 0);
    await look(page, '60-chiffres');
    await page.emulateMedia({ colorScheme: 'dark' });
    assert.deepEqual(await faults(page), [], 'axe by night');
    await page.emulateMedia({ colorScheme: 'light', media: 'print' });
    assert.equal(await page.locator('.contents').isVisible(), false, 'no links on paper');
    // An A4 sheet without its margins, in pixels.
    await page.setViewportSize({ width: 680, height: 1000 });
    assert.equal(await overflow(page), null, 'nothing is cut off on paper');
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/60-chiffres-papier.png`, fullPage: true });
    await page.setViewportSize({ width: 1280, height: 740 });
    await page.emulateMedia({ media: 'screen' });
    await page.goto(PAGE);
    assert.deepEqual(await unreachable(page), []);
    assert.deepEqual(page.wrong, []);
  });
});
