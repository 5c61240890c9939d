// Organisers have a timetable searched for, take it, and change it: by keyboard, by dragging, without a script. Each page on a
// telephone and on a desk.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { codeOf, comeIn, look, press, send, tabTo } from './keyboard.mjs';
import { journey, open, unreachable } from './site.mjs';

const DESK = { width: 1280, height: 800 };
const FARMS = [
  'bonjour@au-panier-de-rosieres.example',
  'contact@ferme-pedagogique-du-clos-d-aurel.example',
  'contact@gaec-du-bois-de-malaure.example',
];
const COOKS = ['sophie.arnaud@college.example'];

let site;
let page;
before(async () => {
  site = await open();
  page = await site.visitor({ viewport: DESK });
  await comeIn(page);
});
after(() => site?.close());

async function register(visitor) {
  await visitor.goto('/rencontres');
  await visitor.click('main a[href^="/rencontres/rencontre-des-cantines"]');
  await visitor.click('main a.button[href$="/inscription"]');
  await visitor.fill('#nom-1', 'Quelqu’un');
  await visitor.click('main form button');
  await visitor.waitForURL(/fait=inscription/);
}

async function farm(address) {
  const visitor = await site.visitor({ viewport: DESK });
  await visitor.goto('/fournisseurs/inscription');
  await visitor.fill('#courriel', address);
  await visitor.click('main form button');
  await visitor.fill('#code', await codeOf(visitor));
  await visitor.click('main form button.button');
  await visitor.waitForURL(/inscription/);
  await visitor.click('main button[name="fiche"], main form:has(input[name="fiche"]) button');
  await visitor.waitForURL(/fiche/);
  await register(visitor);
  await visitor.context().close();
}

async function cook(address) {
  const visitor = await site.visitor({ viewport: DESK });
  await visitor.goto('/connexion');
  await visitor.fill('#courriel', address);
  await visitor.click('main form button');
  await visitor.fill('#code', await codeOf(visitor));
  await visitor.click('main form button');
  await visitor.waitForURL(/mon-espace/);
  await register(visitor);
  return visitor;
}

const desk = () => page.url().match(/\/organisation\/rencontres\/\d+/)[0];
const rows = () => page.locator('.meet').evaluateAll((all) => all.map((one) => `${one.closest('td').dataset.slot}-${one.closest('td').dataset.table}`));

async function forward() {
  await page.goto(`${desk()}/etape`);
  await page.click('main button[value="avancer"]');
  await page.waitForURL(/fait=etape/);
}

test('organisers have a timetable searched for, take it, move, exchange, pin and take back', async () => {
  for (const address of FARMS) await farm(address);
  const cooks = [];
  for (const address of COOKS) cooks.push(await cook(address));
  await journey('workshop', page, async () => {
    await page.goto('/organisation/rencontres');
    await send(page, '.letters > li > a');
    const edition = desk();
    await page.goto(`${edition}/planning`);
    await look(page, 'planning-0-trop-tot');
    await page.goto(edition);
    await forward();
    for (const visitor of cooks) {
      await visitor.goto('/mon-espace');
      await visitor.click('.tasks a[href*="des-cantines"][href*="/souhaits/"]');
      for (const count of [1, 2, 3]) {
        await visitor.click('button[value="rencontrer"]');
        await visitor.waitForFunction((wanted) => document.querySelectorAll('.ranks > li').length === wanted, count);
      }
      await visitor.context().close();
    }
    await forward();
    await page.goto(`${edition}/planning`);
    await look(page, 'planning-1-vide');
    await send(page, 'main a.button[href$="/recherches"]');
    await look(page, 'planning-2-demande');
    assert.deepEqual(await unreachable(page), []);
    await page.selectOption('#secondes', '5');
    await send(page, '#demander ~ form button');
    await page.waitForURL(/recherches\/1/);
    // The page follows the search by itself.
    await page.waitForSelector('text=terminée', { timeout: 20_000 });
    await look(page, 'planning-3-trouve');
    await send(page, 'main a.button[href$="/choix"]');
    await look(page, 'planning-4-prendre');
    await send(page, 'main form button');
    await page.waitForURL(/fait=choix/);
    await look(page, 'planning-5-grille');
    assert.equal((await rows()).length, 3);

    // By keyboard.
    await send(page, '.meet');
    await look(page, 'planning-6-rendez-vous');
    assert.deepEqual(await unreachable(page), []);
    await press(page, 'main button[value="fixer"]');
    await page.waitForURL(/fait=fixer/);
    await send(page, '.ways a');
    await look(page, 'planning-7-cout');
    await send(page, 'main form button');
    await page.waitForURL(/fait=changement/);
    assert.ok(await page.locator('.meet.pinned').count() === 1);

    // By the mouse: to a free place, which asks first.
    const before = await rows();
    await page.locator('.board').evaluate((board) => board.scrollIntoView({ block: 'start' }));
    const from = await page.locator('.meet').first().boundingBox();
    const to = await page.locator('td[data-slot="3"][data-table="4"]').boundingBox();
    await page.mouse.move(from.x + 20, from.y + 10);
    await page.mouse.down();
    await page.mouse.move(to.x + 30, to.y + 15, { steps: 6 });
    await Promise.all([page.waitForURL(/changement\?geste=/), page.mouse.up()]);
    await Promise.all([page.waitForURL(/fait=changement/), page.click('main form button')]);
    assert.notDeepEqual(await rows(), before);
    await page.click('form[action$="/annulation"] button');
    await page.waitForURL(/fait=annulation/);
    assert.deepEqual(await rows(), before);
    await tabTo(page, 'form[action$="/retablissement"] button');

    for (const sight of ['cantines', 'fournisseurs', 'journees']) {
      await page.goto(`${edition}/planning?vue=${sight}`);
      await look(page, `planning-8-${sight}`);
    }
    await page.click('.letters a[href*="/participants/"]');
    await look(page, 'planning-9-journee');
    // Somebody leaves: her appointments stay, marked.
    await page.goto(`${edition}/participants`);
    await page.click('a[href$="/retrait"]');
    await page.click('main form button');
    await page.goto(`${edition}/planning`);
    await look(page, 'planning-10-conflit');
    assert.match(await page.textContent('main'), /désinscrit/);
    await page.goto(`${edition}/planning/ajout`);
    await look(page, 'planning-11-souhaits');
    assert.deepEqual(page.wrong, []);
  });
});

test('without a script the same pages do the same', async () => {
  const plain = await site.visitor({ javaScriptEnabled: false });
  await plain.goto('/organisation/rencontres');
  assert.match(plain.url(), /connexion/, 'only organisers');
  await plain.context().close();
});
