// A timetable before it is published, and what is printed for the day: each document as Chromium prints it, A4, with the pages it should have.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { comeIn, look } from './keyboard.mjs';
import { sheets } from './paper.mjs';
import { journey, open, unreachable } from './site.mjs';

const TELEPHONE = { width: 360, height: 740 };

let site;
before(async () => { site = await open(); });
after(() => site?.close());

/** Registers every organisation of the demonstration that a search finds; says how many come. */
async function gather(page, desk) {
  await page.goto(`${desk}/participants?ajout=e`);
  const offered = await page.locator('section[aria-labelledby="ajouter"] ul.letters a').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
  for (const href of offered) {
    await page.goto(href);
    if (!(await page.locator('#nom-1').count())) continue;
    await page.fill('#nom-1', 'Sophie Arnaud-Chabanel');
    await page.fill('#repas', '1');
    await Promise.all([page.waitForNavigation(), page.locator('main form button[type="submit"]').first().click()]);
  }
  await page.goto(`${desk}/documents/accueil`);
  return page.locator('.desk tbody tr').count();
}

/** Goes on to the next state. */
async function goOn(page, desk) {
  await page.goto(`${desk}/etape`);
  await Promise.all([page.waitForNavigation(), page.click('button[value="avancer"]')]);
}

test('what is printed for the day is A4 and whole, and a timetable that is empty is not published', async () => {
  const page = await site.visitor({ viewport: TELEPHONE });
  await journey('publication', page, async () => {
    await comeIn(page);
    await page.goto('/organisation/rencontres');
    const desk = await page.locator('.letters > li > a').first().getAttribute('href');
    const come = await gather(page, desk);
    assert.ok(come >= 2, `${come} come`);
    await goOn(page, desk);
    await goOn(page, desk);
    await page.goto(`${desk}/etape`);
    await page.click('text=Relire le planning et le publier');
    await page.waitForURL(/publication/);
    assert.match(await page.textContent('main'), /Le planning est vide/);
    await look(page, '110-publication');
    assert.deepEqual(await unreachable(page), []);
    await page.goto(`${desk}/documents`);
    await look(page, '111-documents');
    const expected = { plannings: come, tables: 18, salle: 1, accueil: 1, badges: Math.ceil(come / 8), mur: null, cloche: 1 };
    let sum = 0;
    for (const [file, count] of Object.entries(expected)) {
      await page.goto(`${desk}/documents/${file}`);
      await look(page, `112-${file}`);
      const printed = await sheets(page, `112-${file}`);
      if (count !== null) assert.equal(printed, count, file);
      sum += printed;
    }
    await page.goto(`${desk}/documents/tout`);
    assert.equal(await sheets(page, '112-tout'), sum, 'all at once are as many as each alone');
    assert.deepEqual(page.wrong, []);
  });
});
