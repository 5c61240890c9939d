// Farm visits by keyboard: found, registered for without an account, waited for, offered, moved, called off; each page on a
// telephone and on a desk, and the mails in the order in which they came.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { comeIn, fill, look, press, send, signIn } from './keyboard.mjs';
import { mails, newest } from './mailbox.mjs';
import { sheets } from './paper.mjs';
import { journey, open, unreachable } from './site.mjs';
import { COOK, TELEPHONE, ask, moveTo, othersLeave, toVisit } from './visits.mjs';


let site;
before(async () => {
  site = await open();
  const page = await site.visitor();
  await comeIn(page);
  await page.context().close();
});
after(() => site?.close());

async function discovers(page) {
  await page.goto('/');
  await send(page, '.site-nav a[href="/visites"]');
  await look(page, '110-visites');
  assert.deepEqual(await unreachable(page), []);
  await send(page, '.visit-cards a[href*="du-lait"]');
  await look(page, '111-visite');
  await press(page, '.map-fold summary');
  await page.waitForSelector('.map .leaflet-marker-icon, .map .leaflet-interactive');
  await look(page, '112-visite-carte');
}

async function registers(page) {
  await send(page, '.visit-dates a.button');
  await look(page, '113-inscription');
  assert.deepEqual(await unreachable(page), []);
  await fill(page, '#personnes', '0');
  await send(page, 'main form button');
  assert.equal(await page.inputValue('#personnes'), '0');
  await look(page, '114-inscription-refusee');
  await ask(page, '2');
  await look(page, '115-courriel-parti');
  const { link } = await newest(page, COOK, 'Du lait');
  await page.goto(link);
  await look(page, '116-place-gardee');
  await send(page, 'form[action$="/confirmation"] button');
  await look(page, '117-inscrite');
  await send(page, 'a[href$="/fiche"]');
  await look(page, '117-fiche');
  assert.deepEqual(await unreachable(page), []);
  assert.equal(await sheets(page, '117-fiche'), 1);
  await page.goBack();
  await fill(page, '#personnes', '3');
  await send(page, 'form[action$="/nombre"] button');
  assert.match(await page.textContent('main'), /3\s*personnes/);
  await press(page, 'details:has(form[action$="/besoins"]) summary');
  await look(page, '117-besoins');
  assert.deepEqual(await unreachable(page), []);
  await fill(page, '#regime', 'Sans arachide');
  await send(page, 'form[action$="/besoins"] button');
  assert.equal(await page.inputValue('#regime'), 'Sans arachide');
  await look(page, '117-besoins-dits');
  const told = await mails(page, COOK, 'Du lait');
  assert.deepEqual(told.map(({ about }) => about), ['confirmez votre inscription', 'inscription confirmée', 'nombre de personnes changé']);
}

/** She asks for a place where none is left; says where her form and her own page are. */
async function waits(page) {
  await page.goto('/visites');
  await send(page, '.visit-cards a[href*="des-legumes"]');
  await look(page, '118-visite-complete');
  await send(page, '.visit-dates a.button');
  await look(page, '119-liste-d-attente');
  const form = new URL(page.url()).pathname;
  await ask(page, '1');
  const { link } = await newest(page, COOK, 'Des légumes');
  await page.goto(link);
  await look(page, '120-adresse-a-confirmer');
  await send(page, 'form[action$="/confirmation"] button');
  assert.match(await page.textContent('main'), /à la place 2/);
  await look(page, '121-en-attente');
  return form;
}

/** What is looked at while others leave. */
async function seen(page, name) {
  await look(page, name);
  assert.deepEqual(await unreachable(page), []);
}

async function accepts(page) {
  const offered = await newest(page, COOK, 'Des légumes');
  assert.equal(offered.about, 'des places se libèrent');
  await page.goto(offered.link);
  await send(page, 'form[action$="/acceptation"] button');
  await look(page, '124-acceptee');
  const { calendar } = await newest(page, COOK, 'Des légumes');
  assert.equal(calendar.method, 'REQUEST');
  return calendar.sequence;
}

async function prepares(claire) {
  await claire.goto('/organisation/visites');
  await look(claire, '125-visites-organisation');
  await send(claire, 'main a[href$="/ajout"]');
  await look(claire, '126-preparer');
  await send(claire, 'main form button');
  await look(claire, '127-preparer-refuse');
  await fill(claire, '#titre', 'La lentille, du semis au sac');
  await fill(claire, '#commune_nom', 'Le Puy-en-Velay');
  await claire.keyboard.press('Escape');
  await send(claire, 'main form button.button');
  await look(claire, '128-visite-a-ecrire');
  assert.deepEqual(await unreachable(claire), []);
  await fill(claire, '#jour', '20/05/2040');
  await fill(claire, '#debut', '9 h 30');
  await fill(claire, '#fin', '9 h');
  await fill(claire, '#places', '12');
  await send(claire, 'form[action$="/dates"] button');
  await look(claire, '129-date-refusee');
  await fill(claire, '#fin', '12 h');
  await send(claire, 'form[action$="/dates"] button');
  await look(claire, '130-date-brouillon');
}

/** The full date is moved, then called off; the cook's calendar follows. */
async function movesAndCallsOff(claire, page, first) {
  await toVisit(claire, 'Des légumes');
  await look(claire, '131-visite-bureau');
  await send(claire, 'main a[href*="/organisation/visites/dates/"]');
  await look(claire, '132-date-bureau');
  assert.deepEqual(await unreachable(claire), []);
  await moveTo(claire, '15 h', '17 h', 'La traite finit plus tard.');
  const moved = await newest(page, COOK, 'Des légumes');
  assert.deepEqual([moved.about, moved.calendar.method], ['nouvel horaire', 'REQUEST']);
  assert.ok(moved.calendar.sequence > first, `${moved.calendar.sequence} after ${first}`);
  await send(claire, 'form[action$="/annulation"] button');
  await look(claire, '133-annulation-refusee');
  await fill(claire, '#raison', 'Un vêlage difficile : pardon à tous.');
  await press(claire, '#sur', 'Space');
  await send(claire, 'form[action$="/annulation"] button');
  await claire.waitForURL(/fait=annulation/);
  await look(claire, '134-date-annulee');
  const off = await newest(page, COOK, 'Des légumes');
  assert.deepEqual([off.about, off.calendar.method], ['visite annulée', 'CANCEL']);
  assert.ok(off.calendar.sequence > moved.calendar.sequence, `${off.calendar.sequence} after ${moved.calendar.sequence}`);
  return off.link;
}

test('a cook registers for one visit, waits for another, gets a place and is told of what changes', async () => {
  const page = await site.visitor({ viewport: TELEPHONE });
  await journey('farm visits', page, async () => {
    await discovers(page);
    await registers(page);
    await othersLeave(site, 'Des légumes', await waits(page), seen);
    const first = await accepts(page);
    const claire = await site.visitor({ viewport: TELEPHONE });
    await signIn(claire, 'claire.fabre@departement.example');
    await prepares(claire);
    await page.goto(await movesAndCallsOff(claire, page, first));
    assert.match(await page.textContent('main'), /annulée[^]*vêlage/);
    await look(page, '135-visite-annulee');
    await page.goto('/visites');
    await look(page, '136-visites-apres');
    const told = await mails(page, COOK, 'Des légumes');
    assert.deepEqual(told.map(({ about }) => about), [
      'confirmez votre place en liste d’attente', 'en liste d’attente', 'des places se libèrent', 'inscription confirmée', 'nouvel horaire', 'visite annulée',
    ]);
    assert.deepEqual(page.wrong.filter((line) => !line.includes('422')), []);
    assert.deepEqual(claire.wrong.filter((line) => !line.includes('422')), []);
    await claire.context().close();
  });
});

test('a farm proposes a visit, and an organiser makes one of it with a photograph', async () => {
  const marc = await site.visitor({ viewport: TELEPHONE });
  await journey('a farm proposes', marc, async () => {
    await signIn(marc, 'marc.pleynet@ferme.example');
    await send(marc, 'main a[href^="/fiche/"]');
    await send(marc, 'main a[href$="/visite"]');
    await look(marc, '137-proposition');
    assert.deepEqual(await unreachable(marc), []);
    await fill(marc, '#personnes', '0');
    await send(marc, 'main form[action$="/visite"] button');
    await look(marc, '138-proposition-refusee');
    await fill(marc, '#personnes', '16');
    await send(marc, 'main form[action$="/visite"] button');
    await look(marc, '139-proposition-changee');
    const claire = await site.visitor({ viewport: TELEPHONE });
    await signIn(claire, 'claire.fabre@departement.example');
    await look(claire, '140-mon-espace');
    await claire.goto('/organisation/visites');
    await press(claire, 'main details summary');
    await send(claire, 'button[value="refus"]');
    await look(claire, '141-proposition-sans-mot');
    assert.deepEqual(await unreachable(claire), []);
    await send(claire, 'button[value="reprise"]');
    await look(claire, '142-proposition-reprise');
    await send(claire, 'main a[href$="/photos"]');
    await send(claire, 'main form[enctype] button');
    await look(claire, '143-photo-refusee');
    await claire.setInputFiles('#photo', new URL('../../assets/pictures/card.png', import.meta.url).pathname);
    await fill(claire, '#description', 'La ferme au bout du champ');
    await send(claire, 'main form[enctype] button');
    await look(claire, '144-photo');
    await send(claire, 'main form[action$="/retrait"] button');
    await look(claire, '145-photo-retiree');
    await send(claire, 'main form[action$="/reprise"] button');
    assert.deepEqual(await unreachable(claire), []);
    await marc.reload();
    assert.match(await marc.textContent('main'), /en ont fait une visite/);
    await look(marc, '146-proposition-lue');
    for (const one of [marc, claire]) assert.deepEqual(one.wrong.filter((line) => !line.includes('422')), []);
    await claire.context().close();
  });
});

test('visits are seen on a map and in a month, and a farm shows its own', async () => {
  const page = await site.visitor({ viewport: TELEPHONE });
  await journey('views of visits', page, async () => {
    await page.goto('/visites');
    await send(page, 'main .switch a[href*="carte"]');
    await page.waitForSelector('#map .leaflet-marker-icon');
    await press(page, '#map .leaflet-marker-icon');
    await page.waitForSelector('.leaflet-popup a[href^="/visites/"]');
    await look(page, '147-carte');
    await send(page, 'main .switch a[href*="mois"]');
    await look(page, '148-mois');
    assert.deepEqual(await unreachable(page), []);
    await press(page, '#places', 'Space');
    await send(page, '.visit-tools form button');
    assert.match(page.url(), /vue=mois/);
    await send(page, '.month a[href^="/visites/"]');
    await send(page, 'main aside a[href^="/annuaire/"]');
    await send(page, 'main aside a[href^="/visites/"]');
    await page.goto('/');
    await look(page, '149-accueil');
    assert.deepEqual(page.wrong, []);
  });
});

for (const width of [320, 360, 1280]) {
  test(`the menu of the site fits a screen of ${width} pixels, signed in or not`, async () => {
    const page = await site.visitor({ viewport: { width, height: 600 } });
    await journey(`menu ${width}`, page, async () => {
      for (const who of ['stranger', 'signed in']) {
        if (who === 'signed in') await signIn(page, 'sophie.arnaud@college.example');
        await page.goto('/visites');
        const { across, lines, rows } = await page.evaluate(() => ({
          across: document.documentElement.scrollWidth,
          lines: [...document.querySelectorAll('.site-nav a')].map((link) => link.querySelector('span').getClientRects().length),
          rows: new Set([...document.querySelectorAll('.site-nav li')].map((one) => Math.round(one.getBoundingClientRect().top))).size,
        }));
        assert.ok(across <= width, `${who}: ${across}`);
        assert.deepEqual([lines, rows], [[1, 1, 1, 1], 1], who);
        if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/menu-${width}-${who.replace(' ', '-')}.png` });
      }
    });
  });
}
