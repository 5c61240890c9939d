// A speed meeting by keyboard: prepared, looked at, opened, read by everybody; each page on a telephone and on a desk.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { comeIn, fill, look, press, send, signIn } from './keyboard.mjs';
import { faults, journey, open, overflow, unreachable } from './site.mjs';

const LIST = '/organisation/rencontres';
const SIZES = { telephone: { width: 360, height: 740 }, desk: { width: 1280, height: 900 } };

let site;
before(async () => {
  site = await open();
  const page = await site.visitor();
  await comeIn(page);
  await page.context().close();
});
after(() => site?.close());

test('an organiser prepares a meeting by keyboard and opens it', async () => {
  const page = await site.visitor({ viewport: SIZES.telephone });
  await journey('editions prepared', page, async () => {
    await signIn(page, 'claire.fabre@departement.example');
    await look(page, '70-mon-espace');
    await send(page, `main a[href="${LIST}"]`);
    await look(page, '71-rencontres');
    await send(page, `main a[href="${LIST}/ajout"]`);
    await look(page, '72-preparer');
    await send(page, 'main form button');
    await look(page, '73-preparer-refuse');
    await fill(page, '#titre', 'Rencontre d’automne');
    await fill(page, '#jour', '15/10/2099');
    await fill(page, '#commune_nom', 'Brioude');
    await page.keyboard.press('Escape');
    await send(page, 'main form button');
    await page.waitForURL(/fait=preparation/);
    await look(page, '74-rencontre');
    await fill(page, '#debut-2', '10:00');
    await page.locator('#apercu .error').waitFor();
    assert.match(await page.textContent('#apercu'), /avant la fin de/, 'the day is looked at while one types');
    await fill(page, '#debut-2', '15:30');
    await page.locator('#apercu', { hasText: '15 h 30' }).waitFor();
    await look(page, '75-horaires');
    await fill(page, '#debut-2', 'midi');
    await send(page, '#horaires form p.actions button:first-child');
    await look(page, '76-horaires-refuses');
    await fill(page, '#debut-2', '14 h');
    await send(page, '#horaires form p.actions button:first-child');
    await page.waitForURL(/fait=horaires/);
    const desk = new URL(page.url()).pathname;
    await page.goto(`${desk}/etape`);
    await look(page, '77-etape-impossible');
    await page.goto(desk);
    await fill(page, '#salle', 'Halle aux grains');
    await send(page, '#lieu form p.actions button');
    await page.waitForURL(/fait=lieu/);
    await send(page, `main a.button[href="${desk}/etape"]`);
    await look(page, '78-etape');
    // Who is not invited yet need not be told that it is taken back.
    const boxes = await page.locator('fieldset input[type="checkbox"]:checked').evaluateAll((all) => all.map((one) => one.name));
    for (const name of boxes) await press(page, `input[name="${name}"]`, 'Space');
    await send(page, 'button[value="avancer"]');
    await page.waitForURL(/fait=etape/);
    await look(page, '79-ouverte');
    await send(page, `main a[href="${desk}/copie"]`);
    await look(page, '80-reprendre');
    await page.goto(`${desk}/retrait`);
    await look(page, '81-ne-s-efface-pas');
    await page.goto(`${desk}/etape`);
    await press(page, 'button[value="reculer"]');
    await page.waitForURL(/fait=etape/);
    await send(page, `main a[href="${desk}/retrait"]`);
    await look(page, '82-effacer');
    await send(page, 'main form button');
    await page.waitForURL(/fait=retrait/);
    assert.deepEqual(page.wrong.filter((line) => !line.includes('422')), []);
  });
});

test('two organisers who change one section are told of each other', async () => {
  const page = await site.visitor({ viewport: SIZES.desk });
  await journey('editions contested', page, async () => {
    await signIn(page, 'claire.fabre@departement.example');
    const desk = await coming(page);
    const other = await page.context().newPage();
    await page.goto(desk);
    await other.goto(desk);
    await other.fill('#salle', 'Gymnase');
    await other.click('#lieu form p.actions button');
    await other.waitForURL(/fait=lieu/);
    await page.fill('#salle', 'Halle');
    await page.click('#lieu form p.actions button');
    await page.locator('#lieu .records').waitFor();
    assert.match(await page.textContent('#lieu .records'), /Gymnase/);
    await look(page, '83-contestee');
    assert.deepEqual(page.wrong.filter((line) => !line.includes('409')), []);
  });
});

for (const [size, viewport] of Object.entries(SIZES)) {
  test(`the desk of a meeting is reached by Tab and readable by night, ${size}`, async () => {
    const page = await site.visitor({ viewport, colorScheme: 'dark' });
    await journey(`editions desk ${size}`, page, async () => {
      await signIn(page, 'claire.fabre@departement.example');
      await page.goto(await coming(page));
      await page.click('#tables summary');
      assert.deepEqual(await faults(page), []);
      assert.equal(await overflow(page), null);
      assert.deepEqual(await unreachable(page), []);
    });
  });

  test(`everybody reads of meetings, ${size}`, async () => {
    const page = await site.visitor({ viewport });
    await journey(`editions open ${size}`, page, async () => {
      await page.goto('/');
      await look(page, `84-accueil-${size}`);
      await send(page, '.site-nav a[href="/rencontres"]');
      await look(page, `85-rencontres-${size}`);
      await send(page, 'main a[href^="/rencontres/"]');
      await look(page, `86-rencontre-${size}`);
      assert.deepEqual(await unreachable(page), []);
      await page.click('.map-fold summary');
      await page.locator('.map .leaflet-marker-icon').waitFor();
      await look(page, `87-rencontre-carte-${size}`);
      const file = await page.request.get(await page.getAttribute('a[href$=".ics"]', 'href'));
      assert.match(await file.text(), /METHOD:PUBLISH/);
      assert.deepEqual(page.wrong, []);
    });
  });
}

test('without scripts the day is looked at by its button', async () => {
  const page = await site.visitor({ viewport: SIZES.telephone, javaScriptEnabled: false });
  await journey('editions plain', page, async () => {
    await signIn(page, 'claire.fabre@departement.example');
    await page.goto(await coming(page));
    await page.fill('#nombre-1', '3');
    await page.click('button[value="apercu"]');
    assert.match(await page.textContent('#apercu'), /\(3\srendez-vous\)/);
    assert.equal(await overflow(page), null);
  });
});

/** The organisers' page of the meeting that is to come. */
async function coming(page) {
  await page.goto(LIST);
  return page.getAttribute('.letters > li > a', 'href');
}
