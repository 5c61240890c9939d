// After the day, by keyboard: a cook notes her appointments, answers and takes her certificate; the organiser reads, prints
// and keeps the report. Each page on a telephone and on a desk, the papers as PDF.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { comeIn, fill, look, press, send, signIn } from './keyboard.mjs';
import { faults, journey, open, overflow, unreachable } from './site.mjs';

const TELEPHONE = { width: 360, height: 740 };
const SHOTS = process.env.SHOTS;

/** The earlier meeting of the demonstration with those who were there: what weeks of registering and choosing leave behind. */
function beenThere(folder) {
  const file = readdirSync(folder, { recursive: true }).find((name) => /\.(db|sqlite3?)$/.test(name));
  const suppliers = ['Ferme du Suc Garou', 'Fournil des Orgues', 'Laiterie du Mézenc', 'GAEC des Genêts d’or'];
  const statements = ["UPDATE editions SET state = 'closed' WHERE id = 1"];
  suppliers.forEach((name, at) => statements.push(
    `INSERT INTO organisations (id, kind, name, created_at) VALUES (${90 + at}, 'supplier', '${name}', '2026-01-01 08:00:00+00:00')`,
  ));
  const canteens = "SELECT id FROM organisations WHERE kind = 'canteen' ORDER BY id LIMIT 4";
  statements.push(
    `INSERT INTO participants (id, edition_id, organisation_id, side, state, seat, turn, asked_at, tables_at_once, words, needs, meals)
     SELECT 500 + row_number() OVER (ORDER BY side, id), 1, id, side, 'registered', row_number() OVER (PARTITION BY side ORDER BY id),
       row_number() OVER (ORDER BY side, id), '2026-01-10 08:00:00+00:00', 1, '', '', 0
     FROM (SELECT id, 'canteen' AS side FROM (${canteens}) UNION SELECT id, 'supplier' FROM organisations WHERE id >= 90)`,
    "INSERT INTO representatives (participant_id, number, name) SELECT id, 1, 'Camille Durand n° ' || turn FROM participants WHERE edition_id = 1",
    "INSERT INTO representatives (participant_id, number, name) VALUES (501, 2, 'Sophie Arnaud')",
    "INSERT INTO publications (id, edition_id, number, published_at) VALUES (900, 1, 1, '2026-02-01 08:00:00+00:00')",
    // Each meets each once, in a round.
    `INSERT INTO published_appointments (publication_id, canteen_id, canteen_copy, supplier_id, supplier_copy, slot, table_number)
     SELECT 900, c.id, 1, s.id, 1, (c.seat + s.seat) % 4 + 1, c.seat FROM participants c, participants s
     WHERE c.edition_id = 1 AND s.edition_id = 1 AND c.side = 'canteen' AND s.side = 'supplier'`,
    `INSERT INTO wishes (participant_id, wished_id, rank, made_at)
     SELECT c.id, s.id, s.seat, '2026-01-20 08:00:00+00:00' FROM participants c, participants s
     WHERE c.edition_id = 1 AND s.edition_id = 1 AND c.side <> s.side AND s.seat <= 3`,
    `INSERT INTO outcomes (edition_id, canteen_id, supplier_id, side, was_held, result, noted_at)
     SELECT 1, c.id, s.id, 'supplier', 1, CASE (c.seat + s.seat) % 3 WHEN 0 THEN 'contact' WHEN 1 THEN 'order' ELSE 'quote' END, '2026-02-02 08:00:00+00:00'
     FROM participants c, participants s WHERE c.edition_id = 1 AND s.edition_id = 1 AND c.side = 'canteen' AND s.side = 'supplier'`,
    "INSERT INTO reviews (participant_id, satisfaction, words, noted_at) SELECT id, 3 + seat % 3, CASE WHEN seat = 1 THEN 'Une belle journée, un peu bruyante.' ELSE '' END, '2026-02-02 08:00:00+00:00' FROM participants WHERE edition_id = 1 AND side = 'supplier'",
  );
  execFileSync('sqlite3', [path.join(folder, file)], { input: `PRAGMA foreign_keys = ON;\nPRAGMA busy_timeout = 5000;\n${statements.join(';\n')};\n` });
}

let site;
before(async () => {
  site = await open();
  const page = await site.visitor();
  await comeIn(page);
  await page.context().close();
  beenThere(site.folder);
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
    await page.goto('/rencontres');
    const past = await page.locator('main .letters').last().locator('a').first().getAttribute('href');
    await page.goto(past);
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
    await page.goto('/rencontres');
    const past = await page.locator('main .letters').last().locator('a').first().getAttribute('href');
    await page.goto(`${past}/suites`);
    await page.click('.encounters > li:nth-child(4) [value="rien"]');
    await page.waitForURL(/#rdv-/);
    assert.match(await page.textContent('#avancement'), /4 sur 4/);
  });
});

test('the organiser reads and prints what the meeting gave', async () => {
  const page = await site.visitor({ viewport: { width: 1280, height: 740 } });
  await journey('after report', page, async () => {
    await signIn(page, 'claire.fabre@departement.example');
    await page.goto('/organisation/rencontres/1');
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
    await page.goto('/organisation/rencontres/1/attestations');
    assert.equal(await paper(page, '130-attestations'), 9);
    assert.deepEqual(page.wrong, []);
  });
});
