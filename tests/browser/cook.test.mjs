// The cook looks for lentils, with and without scripts.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { journey, open } from './site.mjs';

const TELEPHONE = { width: 360, height: 740 };
const DESK = { width: 1280, height: 900 };

let site;
before(async () => { site = await open(); });
after(() => site?.close());

for (const [size, viewport] of Object.entries({ telephone: TELEPHONE, desk: DESK })) {
  test(`without a script she searches, filters, turns pages and opens a supplier, ${size}`, async () => {
    await journey(`no script ${size}`, await site.visitor({ viewport, javaScriptEnabled: false }), async (page) => {
      await page.goto('/');
      await page.fill('#q', 'lentilles');
      await page.fill('#near_text', 'le puy en velay');
      await page.click('form.search button[type=submit]');
      assert.match(await page.textContent('h1'), /Lentilles près du Puy-en-Velay/);
      const all = await count(page);
      await page.selectOption('#radius_km', '30');
      if (size === 'telephone') await page.click('#facets summary');
      await page.check('#certification-organic');
      await page.click('text=Appliquer les filtres');
      const some = await count(page);
      assert.ok(some > 0 && some < all, `${some} of ${all}`);
      assert.match(page.url(), /near=43157|near_text=/);
      const chip = page.locator('.chip', { hasText: 'Bio' });
      await chip.click();
      assert.ok((await count(page)) > some);

      await page.goto('/annuaire');
      const first = await references(page);
      await page.click('text=Page suivante');
      const second = await references(page);
      assert.ok(first.length === 20 && second.length === 20 && !second.some((one) => first.includes(one)));
      const name = (await page.textContent('.supplier h2 a')).trim();
      await page.click('.supplier h2 a');
      assert.equal((await page.textContent('h1')).trim(), name);
      assert.deepEqual(page.wrong, []);
    });
  });
}

test('while she types, products and communes are proposed, and the chosen ones are searched', async () => {
  await journey('suggestions', await site.visitor({ viewport: DESK }), async (page) => {
    await page.goto('/');
    await page.locator('#q').pressSequentially('lenti');
    await page.locator('[role=option]', { hasText: 'lentilles' }).first().waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/annuaire\?.*q=lentilles/);
    const everywhere = await count(page);
    await page.fill('#near_text', '');
    await page.locator('#near_text').pressSequentially('le puy');
    await page.locator('[role=option]', { hasText: 'Le Puy-en-Velay' }).first().click();
    assert.equal(await page.inputValue('#near'), '43157');
    await page.click('form.search button[type=submit]');
    await page.waitForURL(/near=43157/);
    await page.locator('h1', { hasText: 'près du Puy-en-Velay' }).waitFor();
    assert.equal(await page.locator('.notice').count(), 0, 'the chosen commune is known');
    assert.equal(await count(page), everywhere);
    assert.match(await page.textContent('.supplier'), /km/);
    assert.deepEqual(page.wrong, []);
  });
});

test('the Enter key searches what she typed and leaves nothing over the results', async () => {
  await journey('enter', await site.visitor({ viewport: TELEPHONE }), async (page) => {
    await page.goto('/annuaire?q=lentilles');
    await page.locator('#near_text').pressSequentially('43200');
    await page.locator('#near_text__listbox [role=option]').first().waitFor();
    await page.keyboard.press('Enter');
    await page.locator('h1', { hasText: 'près' }).waitFor();
    await page.locator('#near_text__listbox [role=option]').first().waitFor({ state: 'hidden' });
    assert.deepEqual(page.wrong, []);
  });
});

test('a supplier chosen while she types opens its page', async () => {
  await journey('supplier suggested', await site.visitor({ viewport: DESK }), async (page) => {
    await page.goto('/');
    await page.locator('#q').pressSequentially('Meygal en');
    await page.locator('[role=option]', { hasText: 'Meygal en Commun' }).first().click();
    await page.waitForURL(/\/annuaire\/meygal-en-commun/);
    assert.deepEqual(page.wrong, []);
  });
});

test('a commune with a name that many bear is the one she chose', async () => {
  await journey('homonym', await site.visitor({ viewport: DESK }), async (page) => {
    await page.goto('/annuaire');
    await page.locator('#near_text').pressSequentially('Saint-Julien');
    await page.locator('[role=option]').nth(3).waitFor();
    await page.locator('[role=option]').nth(3).click();
    const chosen = await page.inputValue('#near');
    await page.click('form.search button[type=submit]');
    await page.waitForURL(new RegExp(`near=${chosen}`));
    await page.locator('.chip').first().waitFor();
    assert.equal(await page.locator('.notice').count(), 0);
    assert.equal(await page.inputValue('#near'), chosen);
  });
});

test('a ticked box updates the results, keeps the focus, and the back button brings back what was', async () => {
  await journey('facets', await site.visitor({ viewport: DESK }), async (page) => {
    await page.goto('/annuaire?q=lentilles&near=43157');
    await page.evaluate(() => { window.same = true; });
    const before = await count(page);
    await page.focus('#certification-organic');
    await page.keyboard.press('Space');
    await page.waitForURL(/certification=organic/);
    await page.waitForFunction((n) => !document.querySelector('.count-line').textContent.startsWith(`${n} `), before);
    const after = await count(page);
    assert.ok(after < before, `${after} of ${before}`);
    assert.equal(await page.evaluate(() => document.activeElement.id), 'certification-organic', 'the focus was lost');
    assert.equal(await page.evaluate('window.same'), true, 'the page was loaded anew');
    assert.equal(await page.isChecked('#certification-organic'), true);
    await page.waitForFunction(() => document.getElementById('announce').textContent !== '');
    assert.match(await page.textContent('#announce'), new RegExp(`^${after} `));
    const top = await page.evaluate(() => window.scrollY);
    assert.equal(top, await page.evaluate(() => window.scrollY));

    await page.goBack();
    await page.waitForFunction((n) => document.querySelector('.count-line')?.textContent.startsWith(`${n} `), before);
    assert.doesNotMatch(page.url(), /certification/);
    assert.equal(await page.isChecked('#certification-organic'), false);
    await page.goForward();
    await page.waitForFunction((n) => document.querySelector('.count-line')?.textContent.startsWith(`${n} `), after);
    assert.equal(await page.isChecked('#certification-organic'), true);
    assert.deepEqual(page.wrong, []);
  });
});

test('sorting and emptying the place act at once too', async () => {
  await journey('sort', await site.visitor({ viewport: DESK }), async (page) => {
    await page.goto('/annuaire?near=43157&radius_km=30');
    const near = await count(page);
    await page.selectOption('#sort', 'name');
    await page.waitForURL(/sort=name/);
    await page.waitForFunction(() => {
      const names = [...document.querySelectorAll('.supplier h2')].map((one) => one.textContent.trim());
      return names.every((name, at) => at === 0 || names[at - 1].localeCompare(name, 'fr') <= 0);
    });
    await page.fill('#near_text', '');
    await page.click('form.search button[type=submit]');
    await page.waitForFunction((n) => !document.querySelector('.count-line').textContent.startsWith(`${n} `), near);
    assert.doesNotMatch(page.url(), /near/);
    assert.equal(await page.locator('.chip', { hasText: 'Puy' }).count(), 0);
  });
});

async function count(page) {
  return Number((await page.textContent('.count-line')).match(/^\s*(\d+)/)[1]);
}

function references(page) {
  return page.$$eval('.supplier', (cards) => cards.map((card) => card.dataset.reference));
}
