// A farm visit from the day it is found to the certificate, on a telephone and by keyboard alone: a full date, the waiting list,
// the place that comes free, another hour, the reminders, the farm without network, the thanks. Then all its mails, in order.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { comeIn, fill, look, press, send, signIn } from './keyboard.mjs';
import { mails, newest, pass } from './mailbox.mjs';
import { sheets } from './paper.mjs';
import { journey, open, unreachable } from './site.mjs';
import { COOK, TELEPHONE, ask, moveTo, othersLeave, toVisit } from './visits.mjs';

const VISIT = 'Des légumes';
const HOUR = 3_600_000;
/** By the wall, with a little more: what is due at nine has been done. */
const NINE = /^(09|1\d|2\d):/;

let site;
before(async () => {
  site = await open();
  const page = await site.visitor();
  await comeIn(page);
  await page.context().close();
});
after(() => site?.close());

const onTheWall = (at) => at.toLocaleTimeString('fr-FR', { timeZone: 'Europe/Paris', hour: '2-digit', minute: '2-digit' });

/** The newest mail to the cook, once it is about this. */
async function told(page, about) {
  for (let tries = 0; ; tries += 1) {
    const mail = await newest(page, COOK, VISIT);
    if (mail?.about === about) return mail;
    assert.ok(tries < 100, `no mail « ${about} », but « ${mail?.about} »`);
    await page.waitForTimeout(100);
  }
}

async function findsAndWaits(page) {
  await page.goto('/');
  await send(page, '.site-nav a[href="/visites"]');
  await send(page, '.visit-cards a[href*="des-legumes"]');
  await send(page, '.visit-dates a.button');
  const form = new URL(page.url()).pathname;
  await ask(page, '2');
  await page.goto((await told(page, 'confirmez votre place en liste d’attente')).link);
  await send(page, 'form[action$="/confirmation"] button');
  assert.match(await page.textContent('main'), /En liste d’attente, à la place 2/);
  await told(page, 'en liste d’attente');
  return form;
}

async function accepts(page) {
  await page.goto((await told(page, 'des places se libèrent')).link);
  await send(page, 'form[action$="/acceptation"] button');
  assert.match(await page.textContent('main'), /Vous venez\s*: 2\s*personnes/);
  return told(page, 'inscription confirmée');
}

/** The organiser moves the date by an hour; says where its desk is. */
async function moves(claire) {
  await toVisit(claire, VISIT);
  await send(claire, 'main a[href*="/organisation/visites/dates/"]');
  const desk = new URL(claire.url()).pathname;
  await moveTo(claire, '15 h', '17 h', 'La récolte du matin finit plus tard.');
  return desk;
}

/** On the farm there is no network: who came is noted by keyboard, and sent from the road. */
async function attends(claire, desk) {
  const state = (words) => claire.waitForFunction((wanted) => new RegExp(wanted).test(document.getElementById('etat').textContent.replaceAll('\u00a0', ' ')), words);
  await claire.goto(`${desk}/presence`);
  await claire.waitForFunction(() => document.getElementById('garde').textContent.includes('sans réseau') && navigator.serviceWorker.controller);
  await claire.context().setOffline(true);
  await claire.reload();
  await state('Pas de réseau');
  const line = await claire.locator('#presences li', { hasText: 'Anne Roux' }).getAttribute('id');
  await press(claire, `#${line} [name="venus"]`);
  await fill(claire, '#nom', 'Paul Roche');
  await press(claire, '#ajouter button');
  await state('^2 présences à envoyer');
  await look(claire, '203-presences-sans-reseau');
  await claire.context().setOffline(false);
  await state('^Tout est envoyé à');
  assert.match(await claire.textContent('#compte'), /3\s*personnes venues/);
}

/** What she thinks of it, what she would buy, her certificate. */
async function looksBack(page) {
  await page.goto(`${(await told(page, 'merci d’être venus')).link}/avis`);
  await look(page, '204-avis');
  assert.deepEqual(await unreachable(page), []);
  await send(page, 'main form button');
  await look(page, '205-avis-refuse');
  await press(page, '[name="satisfaction"]', 'Space');
  await press(page, '[name="servir"]', 'Space');
  await fill(page, '#achats', '20 kg de carottes par semaine, livrées le mardi.');
  await press(page, '[name="transmettre"]', 'Space');
  await send(page, 'main form button');
  await look(page, '206-avis-donne');
  await send(page, 'main form a[href*="/visites/inscription/"]');
  await look(page, '207-inscription-apres');
  await send(page, 'main a[href$="/attestation"]');
  assert.match(await page.textContent('main'), /Anne Roux[^]*Collège des Gorges/);
  await look(page, '208-attestation');
  assert.equal(await sheets(page, '208-attestation'), 1);
}

test('a visit is lived from one end to the other, and its mails tell it in order', async () => {
  const page = await site.visitor({ viewport: TELEPHONE });
  await journey('a whole visit', page, async () => {
    await othersLeave(site, VISIT, await findsAndWaits(page));
    const { calendar: first } = await accepts(page);
    const claire = await site.visitor({ viewport: TELEPHONE });
    await signIn(claire, 'claire.fabre@departement.example');
    const desk = await moves(claire);
    const { calendar: moved, text } = await told(page, 'nouvel horaire');
    assert.match(text, /récolte du matin/);
    assert.equal(moved.starts - first.starts, HOUR);

    // The clock of the demonstration stands at `now`.
    let now = new Date();
    const until = async (at) => {
      const hours = Math.ceil((at - now) / HOUR);
      await pass(page, hours);
      now = new Date(now.getTime() + hours * HOUR);
    };
    // The visit begins at three in the afternoon: six hours before is nine.
    await until(new Date(moved.starts - (7 * 24 + 5) * HOUR));
    assert.match(onTheWall(now), NINE);
    await told(page, 'rappel, dans une semaine');
    await page.goto('/demo/courrier');
    await look(page, '201-le-temps-passe');
    await until(new Date(moved.starts - (24 + 5) * HOUR));
    const { link } = await told(page, 'rappel, demain');
    await page.goto(`${link}/fiche`);
    await look(page, '202-fiche-la-veille');

    await until(new Date(moved.starts - HOUR));
    await attends(claire, desk);
    await until(new Date(moved.starts.getTime() + 19 * HOUR));
    await looksBack(page);

    const all = await mails(page, COOK, VISIT);
    assert.deepEqual(all.map(({ about }) => about), [
      'confirmez votre place en liste d’attente', 'en liste d’attente', 'des places se libèrent', 'inscription confirmée',
      'nouvel horaire', 'rappel, dans une semaine', 'rappel, demain', 'merci d’être venus',
    ]);
    const calendars = all.map(({ calendar }) => calendar).filter(Boolean);
    assert.deepEqual(calendars.map(({ method }) => method), ['REQUEST', 'REQUEST']);
    assert.equal(new Set(calendars.map(({ uid }) => uid)).size, 1, 'one entry of her calendar');
    assert.deepEqual([first.ends - first.starts, moved.ends - moved.starts], [2 * HOUR, 2 * HOUR]);
    assert.ok(moved.sequence > first.sequence, `${moved.sequence} after ${first.sequence}`);
    assert.equal(onTheWall(moved.starts), '15:00');
    assert.match(moved.place, /Croix de Pleynet/);
    assert.deepEqual(page.wrong.filter((line) => !line.includes('422')), []);
    assert.deepEqual(claire.wrong.filter((line) => !/INTERNET_DISCONNECTED/.test(line)), []);
    await claire.context().close();
  });
});
