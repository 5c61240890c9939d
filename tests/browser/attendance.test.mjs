// Who came, on a farm without network: the page is opened at the office, opens again without network, keeps what is noted, and
// sends it once when the network is back. Then the certificates and the list as they are printed.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { comeIn, fill, look, press, signIn } from './keyboard.mjs';
import { sheets } from './paper.mjs';
import { journey, open, unreachable } from './site.mjs';

const TELEPHONE = { width: 360, height: 740 };
const CLAIRE = 'claire.fabre@departement.example';

let site;
let storageState;
before(async () => {
  site = await open();
  const page = await site.visitor();
  await comeIn(page);
  storageState = await page.context().storageState();
  await page.context().close();
});
after(() => site?.close());

/** The desk of a date, found from the list of visits. */
async function desk(page, visit, which = 0) {
  await page.goto('/organisation/visites');
  await page.locator('.letters a', { hasText: visit }).click();
  const href = await page.locator('main a[href*="/organisation/visites/dates/"]').nth(which).getAttribute('href');
  return new URL(href, site.base).pathname;
}

const status = (page, words) => page.waitForFunction((wanted) => new RegExp(wanted).test(document.getElementById('etat').textContent.replaceAll('\u00a0', ' ')), words);
const standings = (page) => page.locator('#presences .who').evaluateAll((all) => all.map((one) => one.innerText.replaceAll('\u00a0', ' ').replaceAll('\n', ' ')));
const isKept = (page) => page.waitForFunction(() => document.getElementById('garde').textContent.includes('sans réseau') && navigator.serviceWorker.controller);

/** Taps a button of the line of somebody. */
const tap = (page, name, button) => page.locator('#presences li', { hasText: name }).locator('button', { hasText: button }).first().click();

test('three presences and one who walked in are noted without network, kept over a reload, and sent once', async () => {
  const page = await site.visitor({ storageState, viewport: TELEPHONE });
  await journey('attendance offline', page, async () => {
    const here = `${await desk(page, 'Des légumes')}/presence`;
    await page.goto(here);
    await status(page, 'Tout est envoyé à \\d+ h \\d\\d');
    await isKept(page);
    await look(page, '140-presences');
    assert.deepEqual(await unreachable(page), []);
    assert.deepEqual(page.wrong, []);

    await page.context().setOffline(true);
    await page.reload();
    await status(page, 'Pas de réseau');
    assert.match(await page.textContent('h1'), /Présences/);
    assert.notEqual(await page.evaluate(() => getComputedStyle(document.querySelector('.door-list')).display), 'block', 'with its styles');
    await tap(page, 'Sophie Arnaud', 'Venus');
    await tap(page, 'Sophie Arnaud', 'Un de moins');
    await tap(page, 'Denis Pradier', 'Absents');
    await press(page, '#inscrits li:nth-child(2) [name=venus]', 'Enter');
    await fill(page, '#nom', 'Marie Roche');
    await fill(page, '#organisation', 'Crèche des Sucs');
    await fill(page, '#personnes', '2');
    await press(page, '#ajouter button');
    const noted = ['Denis Pradier, EHPAD des Sucs absents', 'Julie Vernet, École de Saint-Front (en liste d’attente) 2 attendus', 'Karim Belkacem, Lycée du Bas 1 venu', 'Marie Roche, Crèche des Sucs 2 venus', 'Sophie Arnaud, Collège des Sucs 1 venu sur 2'];
    await status(page, '^4 présences à envoyer');
    assert.deepEqual((await standings(page)).sort(), noted);
    await look(page, '141-presences-sans-reseau');

    // A telephone whose browser was closed meanwhile has another form token, and everything it noted.
    await page.reload();
    await status(page, '^4 présences à envoyer');
    assert.deepEqual((await standings(page)).sort(), noted);
    await page.context().clearCookies({ name: 'form' });
    await page.context().setOffline(false);
    await status(page, '^Tout est envoyé à');
    await page.reload();
    await status(page, '^Tout est envoyé à');
    assert.deepEqual((await standings(page)).sort(), noted);
    await look(page, '142-presences-envoyees');

    // Another telephone reads the same, and the last word is read by both.
    const other = await site.visitor({ storageState, viewport: TELEPHONE });
    await other.goto(here);
    assert.deepEqual((await standings(other)).sort(), noted);
    await tap(other, 'Denis Pradier', 'Venus');
    await status(other, '^Tout est envoyé à');
    await other.context().close();
    await page.reload();
    assert.ok((await standings(page)).includes('Denis Pradier, EHPAD des Sucs 3 venus'));
    assert.match(await page.textContent('#compte'), /7.personnes venues sur 6/);
  });
});

test('nothing of what is kept stays in a browser that is signed out, but what is not sent yet', async () => {
  const page = await site.visitor({ storageState, viewport: TELEPHONE });
  await journey('attendance signed out', page, async () => {
    const here = `${await desk(page, 'Du lait', 1)}/presence`;
    await page.goto(here);
    await isKept(page);
    await page.context().setOffline(true);
    await tap(page, 'Sophie Arnaud', 'Venus');
    await status(page, '^1 présence à envoyer');
    // The session ends elsewhere.
    await page.context().clearCookies({ name: 'session' });
    await page.context().setOffline(false);
    await status(page, 'Vous êtes déconnecté : 1 présence à envoyer');
    await look(page, '143-presences-deconnectee');
    assert.deepEqual(await page.evaluate(async () => (await caches.keys()).filter((name) => name.startsWith('page:'))), []);
    const door = new URL(await page.getAttribute('#etat a', 'href'));
    assert.equal(door.searchParams.get('suite'), here);
    await signIn(page, CLAIRE);
    await page.goto(here);
    await status(page, '^Tout est envoyé à');
    assert.ok((await standings(page)).some((line) => /Sophie Arnaud.*2 venus/.test(line)));

    await isKept(page);
    await page.goto('/mon-espace');
    await page.locator('form[action="/deconnexion"] button').first().click();
    await page.waitForLoadState();
    assert.deepEqual(await page.evaluate(async () => (await caches.keys()).filter((name) => name.startsWith('page:'))), []);
    await page.context().setOffline(true);
    await assert.rejects(page.goto(here), /ERR_INTERNET_DISCONNECTED|ERR_FAILED/);
    await page.context().setOffline(false);
  });
});

test('without a script the same is noted on the site', async () => {
  const page = await site.visitor({ storageState, viewport: TELEPHONE, javaScriptEnabled: false });
  await journey('attendance without script', page, async () => {
    await page.goto(`${await desk(page, 'Du lait', 2)}/presence`);
    await page.fill('#nom', 'Paul Roche');
    await page.fill('#personnes', '2');
    await page.click('#ajouter button');
    assert.ok((await standings(page)).includes('Paul Roche 2 venus'));
    await page.click('#passages button.more');
    assert.ok((await standings(page)).includes('Paul Roche 3 venus'));
  });
});

test('the list and the certificates fit their paper', async () => {
  const page = await site.visitor({ storageState });
  await journey('attendance on paper', page, async () => {
    await page.goto('/organisation/visites');
    await page.locator('.letters a', { hasText: 'Du lait' }).click();
    const past = page.locator('main .letters li', { hasText: 'a déjà eu lieu' }).locator('a').first();
    const date = new URL(await past.getAttribute('href'), site.base).pathname;
    await page.goto(date);
    await look(page, '144-date-passee');
    await page.goto(`${date}/liste`);
    await look(page, '145-liste');
    assert.equal(await sheets(page, '145-liste'), 1);
    await page.goto(`${date}/attestations`);
    await look(page, '146-attestations');
    assert.equal(await page.locator('.certificate').count(), 3);
    assert.equal(await sheets(page, '146-attestations'), 3);
    assert.deepEqual(page.wrong, []);
  });
});

test('what follows a visit and the figures of all of them are read and printed', async () => {
  const page = await site.visitor({ storageState });
  await journey('visits afterwards', page, async () => {
    await page.goto('/organisation/visites');
    await page.locator('.letters a', { hasText: 'Du lait' }).click();
    await page.locator('main .letters li', { hasText: 'a déjà eu lieu' }).locator('a').first().click();
    await page.click('main a[href$="/suites"]');
    await look(page, '147-suites-visite');
    assert.match(await page.textContent('main'), /plus de sept jours/);
    await page.click('main a[href="/organisation/visites/chiffres"]');
    await look(page, '148-chiffres-visites');
    assert.match((await page.textContent('#annees')).replaceAll(/\s+/g, ' '), /Visites/);
    assert.ok(await sheets(page, '148-chiffres-visites') <= 3);
    assert.deepEqual(page.wrong, []);
  });
});
