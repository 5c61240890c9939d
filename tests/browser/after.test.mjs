// After the day, by keyboard: a cook notes her appointments, answers and takes her certificate; the organiser reads, prints
// and keeps the report. Each page on a telephone and on a desk, the papers as PDF.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { codeOf, comeIn, fill, look, press, send, signIn } from './keyboard.mjs';
import { arrange, choose, goOn, links, prepare, publish, register, submit, takeInHand } from './meeting.mjs';
import { faults, journey, open, overflow, unreachable } from './site.mjs';

const TELEPHONE = { width: 360, height: 740 };
const SHOTS = process.env.SHOTS;

const CANTEENS = ['Collège des Sucs', 'EHPAD Les Genêts', 'Lycée agricole du Velay', 'Crèche Pomme'];
const FARMS = [
  ['Au Panier de Rosières', 'bonjour@au-panier-de-rosieres.example'],
  ['Ferme pédagogique du Clos d’Aurel', 'contact@ferme-pedagogique-du-clos-d-aurel.example'],
  ['GAEC du Bois de Malaure', 'contact@gaec-du-bois-de-malaure.example'],
  ['Les Maraîchers du Barrage', 'ferme@maraichers-du-barrage.example'],
];

let site;
/** Where organisers run the meeting, and where everybody reads about it. */
let desk;
let hall;

/** Four canteens of the demonstration met four suppliers, each each; suppliers said what came of it, the day is over. */
async function beenThere(page) {
  for (const [, address] of FARMS) {
    const farmer = await site.visitor();
    await takeInHand(farmer, address, () => codeOf(farmer));
    await farmer.context().close();
  }
  desk = await prepare(page, 'Rencontre de l’automne');
  await arrange(page, desk, 4, '09:00', 4);
  await goOn(page, desk);
  const canteens = await register(page, desk, CANTEENS);
  const suppliers = await register(page, desk, FARMS.map(([name]) => name));
  assert.deepEqual([canteens.length, suppliers.length], [4, 4]);
  const sophies = `${desk}/participants/${canteens[0]}`;
  await submit(page, sophies, `form[action="${sophies}"]`, { 'nom-2': 'Sophie Arnaud' });
  await goOn(page, desk);
  await choose(page, desk, canteens, 4);
  await goOn(page, desk);
  await publish(page, desk);
  await goOn(page, desk);
  await goOn(page, desk);
  for (const [at, key] of suppliers.entries()) {
    const here = `${desk}/suites/${key}`;
    const met = await links(page, here, 'form[action*="/rendez-vous/"]');
    assert.equal(met.length, 4);
    for (const [turn, { action }] of met.entries()) {
      await submit(page, here, `form[action="${action}"]`, { suite: ['contact', 'commande', 'devis'][(at + turn) % 3] });
    }
    const words = at === 0 ? 'Une belle journée, un peu bruyante.' : '';
    await submit(page, here, `form[action="${here}/avis"]`, { satisfaction: String(3 + at % 3), mot: words });
  }
  [{ href: hall }] = await links(page, desk, 'a[href^="/rencontres/"]');
}

before(async () => {
  site = await open();
  const page = await site.visitor();
  await comeIn(page);
  await beenThere(page);
  await page.context().close();
});
after(() => site?.close());

/** The sheet as it leaves the printer. */
async function paper(page, name) {
  const pdf = await page.pdf({ format: 'A4', preferCSSPageSize: true });
  if (SHOTS) writeFileSync(`${SHOTS}/${name}.pdf`, pdf);
  return (pdf.toString('latin1').match(/\/Type\s*\/Page[^s]/g) ?? []).length;
}

test('a cook notes what her appointments gave, one press each', async () => {
  const page = await site.visitor({ viewport: TELEPHONE });
  await journey('after cook', page, async () => {
    await signIn(page, 'sophie.arnaud@college.example');
    await page.goto(hall);
    await look(page, '120-rencontre-passee');
    await send(page, 'main a[href$="/suites"]');
    await look(page, '121-suites');
    assert.deepEqual(await unreachable(page), []);
    const buttons = await page.locator('.outcomes .button').evaluateAll((all) => all.map((one) => one.getBoundingClientRect().height));
    assert.ok(buttons.every((height) => height >= 44), 'as large as a finger');
    await press(page, '.encounters > li:nth-child(1) [value="devis"]');
    await page.locator('#avancement', { hasText: '1 sur' }).waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.value), 'devis', 'the finger stays where it was');
    await press(page, '.encounters > li:nth-child(2) [value="commande"]');
    await page.locator('#avancement', { hasText: '2 sur' }).waitFor();
    await press(page, '.encounters > li:nth-child(3) [value="pas-tenu"]');
    await page.locator('#avancement', { hasText: '3 sur' }).waitFor();
    await press(page, '.encounters > li:nth-child(1) summary');
    await fill(page, '.encounters > li:nth-child(1) textarea', 'Rappeler pour les carottes.');
    const kept = page.waitForResponse((answer) => answer.request().method() === 'GET' && answer.url().includes('/suites/'));
    await press(page, '.encounters > li:nth-child(1) [value="note"]');
    await kept;
    await page.reload();
    assert.match(await page.textContent('.encounters > li:nth-child(1) textarea'), /carottes/);
    await look(page, '122-suites-notees');
    await send(page, '#avis form button');
    await look(page, '123-avis-refuse');
    await press(page, '[name="satisfaction"]', 'Space');
    await send(page, '#avis form button');
    await page.waitForURL(/fait=avis/);
    await look(page, '124-avis-donne');
    await send(page, 'main a[href*="/livraisons/"]');
    await press(page, '.encounters > li:nth-child(1) [value="oui"]');
    await page.locator('#avancement', { hasText: '1 sur 2' }).waitFor();
    await look(page, '125-livraisons');
    await page.goBack();
    await send(page, 'main a[href*="/attestation/"]');
    await look(page, '126-attestation');
    assert.equal(await paper(page, '126-attestation'), 2, 'a sheet for each who came');
    assert.deepEqual(page.wrong.filter((line) => !line.includes('422')), []);
  });
});

test('without scripts each press is kept too', async () => {
  const page = await site.visitor({ viewport: TELEPHONE, javaScriptEnabled: false });
  await journey('after plain', page, async () => {
    await signIn(page, 'sophie.arnaud@college.example');
    await page.goto(`${hall}/suites`);
    await page.click('.encounters > li:nth-child(4) [value="rien"]');
    await page.waitForURL(/#rdv-/);
    assert.match(await page.textContent('#avancement'), /4 sur 4/);
  });
});

test('the organiser reads and prints what the meeting gave', async () => {
  const page = await site.visitor({ viewport: { width: 1280, height: 740 } });
  await journey('after report', page, async () => {
    await signIn(page, 'claire.fabre@departement.example');
    await page.goto(desk);
    await look(page, '127-rencontre');
    await send(page, 'main a[href$="/suites"]');
    await look(page, '128-qui-a-note');
    await send(page, 'main a.button[href$="/bilan"]');
    await look(page, '129-bilan');
    assert.deepEqual(await unreachable(page), []);
    await page.emulateMedia({ colorScheme: 'dark' });
    assert.deepEqual(await faults(page), [], 'axe by night');
    await page.emulateMedia({ colorScheme: 'light' });
    const pages = await paper(page, '129-bilan');
    assert.ok(pages >= 2 && pages <= 5, `${pages} sheets`);
    await page.emulateMedia({ media: 'print' });
    await page.setViewportSize({ width: 680, height: 1000 });
    assert.equal(await overflow(page), null, 'nothing is cut off on paper');
    assert.equal(await page.locator('#mots').isVisible(), false, 'words are not printed');
    await page.emulateMedia({ media: null });
    await page.goto(`${desk}/attestations`);
    assert.equal(await paper(page, '130-attestations'), 9);
    assert.deepEqual(page.wrong, []);
  });
});
