// A cook says whom she would meet: by keyboard, by dragging, without a script. Each page on a telephone and on a desk.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { codeOf, comeIn, look, press, send, signIn, tabTo } from './keyboard.mjs';
import { journey, open, unreachable } from './site.mjs';

const DESK = { width: 1280, height: 800 };
const TELEPHONE = { width: 360, height: 740 };
const FARMS = [
  'bonjour@au-panier-de-rosieres.example',
  'contact@ferme-pedagogique-du-clos-d-aurel.example',
  'contact@gaec-du-bois-de-malaure.example',
];
const COOK = 'sophie.arnaud@college.example';

let site;
let organisers;
before(async () => {
  site = await open();
  organisers = await site.visitor({ viewport: TELEPHONE });
  await comeIn(organisers);
});
after(() => site?.close());

/** Registers who is signed in for the meeting to come. */
async function register(page) {
  await page.goto('/rencontres');
  await page.click('main a[href^="/rencontres/rencontre-des-cantines"]');
  await page.click('main a.button[href$="/inscription"]');
  await page.fill('#nom-1', 'Quelqu’un');
  await page.fill('#produits', 'De quoi goûter, et nos tarifs.');
  await page.click('main form button');
  await page.waitForURL(/fait=inscription/);
}

/** A farm takes over the listing that bears its address, and registers. */
async function farm(address) {
  const page = await site.visitor({ viewport: DESK });
  await page.goto('/fournisseurs/inscription');
  await page.fill('#courriel', address);
  await page.click('main form button');
  await page.fill('#code', await codeOf(page));
  await page.click('main form button.button');
  await page.waitForURL(/inscription/);
  await page.click('main button[name="fiche"], main form:has(input[name="fiche"]) button');
  await page.waitForURL(/fiche/);
  await register(page);
  await page.context().close();
}

const order = (page) => page.locator('.ranks > li').evaluateAll((lines) => lines.map((line) => line.id));
const listed = (page, count) => page.waitForFunction((wanted) => document.querySelectorAll('.ranks > li').length === wanted, count);

/** Does something after which the list stands in another order, and gives that. */
async function reordered(page, action) {
  const before = await order(page);
  await action();
  await page.waitForFunction((known) => [...document.querySelectorAll('.ranks > li')].map((line) => line.id).join() !== known, before.join());
  await page.waitForFunction(() => !document.querySelector('.htmx-request, .htmx-settling, .moving'));
  return order(page);
}

test('a cook chooses whom she would meet, by keyboard, by dragging and without a script', async () => {
  for (const address of FARMS) await farm(address);
  const page = await site.visitor({ viewport: DESK });
  let state;
  await journey('wishes cook', page, async () => {
    await signIn(page, COOK);
    await register(page);
    await organisers.goto('/organisation/rencontres');
    await send(organisers, '.letters > li > a');
    await send(organisers, 'main a[href$="/etape"]');
    await send(organisers, 'main button[value="avancer"]');

    await page.goto('/mon-espace');
    await send(page, '.tasks a[href*="des-cantines"][href*="/souhaits/"]');
    await look(page, '98-souhaits-vides');
    assert.deepEqual(await unreachable(page), []);
    for (const count of [1, 2, 3]) {
      const before = await page.evaluate(() => document.querySelector('button[value="rencontrer"]').id);
      await tabTo(page, `#${before}`);
      const top = await page.evaluate(() => document.activeElement.getBoundingClientRect().top);
      await page.keyboard.press('Enter');
      await listed(page, count);
      await page.waitForFunction(() => document.getElementById('dit').textContent.includes('Enregistré'));
      // The focus stays, and so does the place.
      const isThere = ([id, y]) => document.activeElement.id === id && Math.abs(document.activeElement.getBoundingClientRect().top - y) < 40;
      await page.waitForFunction(isThere, [before, top]);
    }
    const [first, second, third] = await order(page);
    const down = `#descendre-${first.split('-')[1]}`;
    assert.deepEqual(await reordered(page, () => press(page, down)), [second, first, third]);
    assert.equal(await page.evaluate(() => `#${document.activeElement.id}`), down, 'pressed again, it goes on');
    assert.deepEqual(await reordered(page, () => page.keyboard.press('Enter')), [second, third, first]);
    assert.match(await page.evaluate(() => document.activeElement.id), /^monter-/, 'the lowest goes no lower');

    const grip = await page.locator(`#${first} .grip`).boundingBox();
    const target = await page.locator(`#${second}`).boundingBox();
    const dragged = await reordered(page, async () => {
      await page.mouse.move(grip.x + grip.width / 2, grip.y + grip.height / 2);
      await page.mouse.down();
      await page.mouse.move(target.x + 20, target.y + target.height / 2, { steps: 8 });
      await page.mouse.move(target.x + 20, target.y + 2, { steps: 4 });
      await page.mouse.up();
    });
    assert.deepEqual(dragged, [first, second, third]);
    await page.waitForLoadState('networkidle');
    await page.reload();
    assert.deepEqual(await order(page), [first, second, third], 'it was kept');

    const avoided = third.split('-')[1];
    await press(page, `#retirer-${avoided}`);
    await listed(page, 2);
    await press(page, `#eviter-${avoided}`);
    await page.waitForSelector('.avoided');
    await look(page, '99-souhaits');
    assert.deepEqual(page.wrong, []);
    state = await page.context().storageState();
  });

  const plain = await site.visitor({ viewport: TELEPHONE, javaScriptEnabled: false, storageState: state });
  await plain.goto('/mon-espace');
  await plain.click('.tasks a[href*="des-cantines"][href*="/souhaits/"]');
  const [first, second] = await plain.locator('.ranks > li').evaluateAll((lines) => lines.map((line) => line.id));
  assert.ok(!(await plain.locator('.grip').first().isVisible()), 'a handle that does nothing is not shown');
  await plain.click(`#descendre-${first.split('-')[1]}`);
  assert.match(plain.url(), /fait=souhait/);
  assert.deepEqual(await plain.locator('.ranks > li').evaluateAll((lines) => lines.map((line) => line.id)), [second, first]);

  await organisers.goto('/organisation/rencontres');
  await send(organisers, '.letters > li > a');
  await send(organisers, 'main a[href$="/souhaits"]');
  await look(organisers, '99-souhaits-organisateurs');
  assert.match(await organisers.textContent('main'), /1 sur \d+ a fait son choix/);
  await send(organisers, 'main button[value="arreter"]');
  await look(organisers, '99-rappels-arretes');

  // Later on, an organiser notes a wish for who could not.
  await organisers.goto('/organisation/rencontres');
  await send(organisers, '.letters > li > a');
  await send(organisers, 'main a[href$="/etape"]');
  await send(organisers, 'main button[value="avancer"]');
  await organisers.goto('/organisation/rencontres');
  await send(organisers, '.letters > li > a');
  await send(organisers, 'main a[href$="/souhaits"]');
  await send(organisers, '.letters > li > a');
  await look(organisers, '99-souhaits-tard');
  assert.match(await organisers.textContent('.mine'), /ne compte que pour le prochain calcul du planning/);
  assert.ok(await organisers.locator('.matches button[name="geste"]').count() > 0, 'the list can be changed');
  assert.deepEqual(organisers.wrong, []);
});
