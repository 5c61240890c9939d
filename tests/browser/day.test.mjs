// The day of a speed meeting in a real browser: the desk at the door, the telephone, the big screen; the network drops, the server is started anew.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { look, press, send } from './keyboard.mjs';
import { arrange, choose, goOn, kitchens, prepare, publish, register, submit, takeInHand } from './meeting.mjs';
import { address, faults, journey, overflow, unreachable, visitor } from './site.mjs';

const DESK = '/organisation/rencontres/1';
const SIZES = { telephone: { width: 360, height: 740 }, desk: { width: 1280, height: 900 } };
const FARMER = 'fermes@vallee.example';
const CANTEENS = Array.from({ length: 12 }, (_, at) => `Collège n° ${at + 1}`);
const SUPPLIERS = Array.from({ length: 14 }, (_, at) => at + 13);
const root = path.join(path.dirname(new URL(import.meta.url).pathname), '../..');
const program = path.join(path.resolve(root, process.env.CARGO_TARGET_DIR ?? 'target'), 'debug/manger-local');

let folder;
let server;
let base;
let browser;
let door;
/** Keys of the canteens that come. */
let canteens;

/** Starts the server, the second time where it was. */
async function start() {
  const listen = base ? new URL(base).host : '127.0.0.1:0';
  const settings = ['--listen', listen, '--data-dir', folder, '--requests-per-minute', '1000000'];
  server = spawn(program, ['serve', ...settings], { env: { TMPDIR: folder }, stdio: ['ignore', 'ignore', 'pipe'] });
  server.ended = new Promise((done) => { server.once('exit', (code, signal) => done(`code ${code}, signal ${signal}`)); });
  base = await address(server);
}

async function stop() {
  server.kill('SIGTERM');
  assert.equal(await server.ended, 'code 0, signal null', 'streams do not keep the server from stopping');
}

/** The code of the mail to an address, once it has left. */
async function codeFor(address) {
  for (let tries = 0; tries < 100; tries += 1) {
    const text = mails().find((mail) => mail.includes(`\nTo: ${address}`))?.match(/text\/plain[^]*?\r?\n\r?\n([^-]+)/)?.[1];
    const code = text && Buffer.from(text, 'base64').toString().match(/\b(\d{3})\s?(\d{3})\b/);
    if (code) return code[1] + code[2];
    await new Promise((later) => { setTimeout(later, 100); });
  }
  throw new Error(`no code for ${address}`);
}

/** What has left until now. */
function mails() {
  const box = path.join(folder, 'mails');
  // Nothing before the first mail.
  const names = existsSync(box) ? readdirSync(box) : [];
  return names.filter((name) => name.endsWith('.eml')).map((name) => readFileSync(path.join(box, name), 'utf8'));
}

/** A table of farms with one address, to import. */
function farms() {
  const file = path.join(folder, 'fermes.csv');
  const line = (at) => `V${at};Ferme de la Longue Vallée ${at};Producteur;43200;Yssingeaux;${FARMER}\n`;
  writeFileSync(file, `Référence;Nom;Type;Code postal;Commune;Courriel\n${SUPPLIERS.map(line).join('')}`);
  return file;
}

/** Claire, with a door of her own: a way in is good for one browser. */
async function claire(options = {}) {
  return visitor(browser, { baseURL: base, locale: 'fr-FR', timezoneId: 'Europe/Paris', reducedMotion: 'reduce', storageState: door, ...options });
}

before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'manger-day-'));
  const invited = execFileSync(program, ['person', 'invite', 'claire@departement.example', '--role', 'organiser', '--data-dir', folder], { env: { TMPDIR: folder }, encoding: 'utf8' });
  execFileSync(program, ['import', 'suppliers', farms(), '--data-dir', folder], { env: { TMPDIR: folder }, stdio: 'pipe' });
  await start();
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
  });
  const page = await visitor(browser, { baseURL: base, locale: 'fr-FR' });
  await page.goto(new URL(invited.match(/https?:\S+/)[0]).pathname);
  await page.click('main form button');
  await page.waitForURL(/mon-espace/);
  const farmer = await visitor(browser, { baseURL: base, locale: 'fr-FR' });
  await takeInHand(farmer, FARMER, () => codeFor(FARMER));
  await farmer.context().close();
  await gather(page);
  door = await page.context().storageState();
  await page.context().close();
});

after(async () => {
  await browser?.close();
  if (server) await stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Twelve canteens and fourteen suppliers; the first appointment began three minutes ago. */
async function gather(page) {
  const clock = new Intl.DateTimeFormat('fr-FR', { timeZone: 'Europe/Paris', hour: '2-digit', minute: '2-digit' });
  assert.equal(await prepare(page, 'Rencontre du Velay'), DESK);
  await arrange(page, DESK, 12, clock.format(new Date(Date.now() - 3 * 60_000)), 4);
  await kitchens(page, CANTEENS);
  await goOn(page, DESK);
  canteens = await register(page, DESK, CANTEENS);
  const suppliers = await register(page, DESK, ['Longue Vallée 1', 'Longue Vallée 2']);
  assert.deepEqual([canteens.length, suppliers.length], [12, 14]);
  await goOn(page, DESK);
  await choose(page, DESK, canteens, 5);
  await goOn(page, DESK);
  await publish(page, DESK);
  await goOn(page, DESK);
}

test('the desk at the door by keyboard, and another tablet beside it', async () => {
  const page = await claire({ viewport: SIZES.telephone });
  const other = await page.context().newPage();
  await journey('day door', page, async () => {
    await page.goto(`${DESK}/accueil`);
    await other.goto(`${DESK}/accueil`);
    await look(page, '90-accueil-du-jour');
    assert.deepEqual(await unreachable(page), []);
    await page.focus('#q');
    await page.keyboard.type('vallee 20');
    await page.waitForFunction(() => document.querySelectorAll('.door-list > li').length === 1);
    await send(page, '.door-list button[value="arrive"]');
    assert.match(await page.textContent('.notice'), /20\s*: arrivé à/);
    await look(page, '91-arrive');
    await other.locator('li.there', { hasText: 'Vallée 20' }).waitFor();
    await page.click('.door-list summary:has-text("Part avant la fin")');
    await page.fill('.door-list input[id^="depart-"]', '23 h 30');
    await send(page, '.door-list button[value="depart"]');
    assert.match(await page.textContent('.notice'), /arrivé, part à 23\s*h\s*30/);
    await look(page, '91-part-plus-tot');
    await page.goto(`${DESK}/accueil?q=vallee+21`);
    const code = (await page.textContent('.door-list')).match(/code (\w+)/)[1];
    await page.goto(`${DESK}/accueil?code=${code}`);
    await look(page, '92-badge');
    await send(page, 'button[value="absent"]');
    await look(page, '93-absent');
    assert.deepEqual(page.wrong, []);
  });
});

test('a camera opens where the browser reads badges, and on no other page', async () => {
  const page = await claire({ permissions: ['camera'] });
  await journey('day camera', page, async () => {
    await page.addInitScript(() => {
      // Chromium has no reader of its own on this system.
      window.BarcodeDetector = class { async detect() { return window.seen ? [{ rawValue: window.seen }] : []; } };
    });
    await page.goto(`${DESK}/accueil`);
    await page.click('#scan');
    await page.waitForFunction(() => document.querySelector('video').videoWidth > 0);
    await page.evaluate(() => { window.seen = 'https://site.example/organisation/rencontres/1/accueil?code=00000'; });
    await page.waitForURL(/code=00000/);
    await page.goto(DESK);
    const refused = await page.evaluate(() => navigator.mediaDevices.getUserMedia({ video: true }).then(() => false, () => true));
    assert.ok(refused);
    assert.deepEqual(page.wrong.filter((line) => !/camera/i.test(line)), []);
  });
});

for (const [size, viewport] of Object.entries(SIZES)) {
  test(`a telephone follows the day, ${size}`, async () => {
    const page = await claire({ viewport });
    await journey(`day today ${size}`, page, async () => {
      await page.goto(`${await open()}/jour/${canteens[0]}`);
      await look(page, `94-ma-journee-${size}`);
      assert.deepEqual(await unreachable(page), []);
      const before = await page.textContent('.own-day');
      const door = await page.context().newPage();
      await door.goto(`${DESK}/accueil`);
      const minutes = size === 'desk' ? '10' : '5';
      await door.selectOption('#retard', minutes);
      await door.click('form[action$="/horaire"] button');
      await page.locator('#change').waitFor();
      await page.locator('.late-day', { hasText: `${minutes}` }).waitFor();
      assert.notEqual(await page.textContent('.own-day'), before);
      await look(page, `95-ma-journee-decalee-${size}`);
      await door.selectOption('#retard', '0');
      await door.click('form[action$="/horaire"] button');
      assert.deepEqual(page.wrong, []);
    });
  });
}

test('a telephone that lost the network opens its day again', async () => {
  const page = await claire({ viewport: SIZES.telephone });
  await journey('day offline', page, async () => {
    await page.goto(`${await open()}/jour/${canteens[0]}`);
    await page.waitForFunction(async () => {
      await navigator.serviceWorker.ready;
      return Boolean(await (await caches.open(`page:${location.pathname}`)).match(location.pathname));
    });
    const shown = await page.textContent('.own-day');
    await page.context().setOffline(true);
    await page.reload();
    assert.equal(await page.textContent('.own-day'), shown);
    await page.locator('#perdu:not([hidden])').waitFor();
    assert.match(await page.textContent('.now'), /Table|Changement|Pause|Premier/);
    await page.context().setOffline(false);
    await page.locator('#perdu[hidden]').waitFor({ state: 'attached' });
    assert.deepEqual(page.wrong.filter((line) => !/ERR_INTERNET_DISCONNECTED|Failed to load/i.test(line)), []);
  });
});

test('without scripts the day is read by its button', async () => {
  const page = await claire({ viewport: SIZES.telephone, javaScriptEnabled: false });
  await journey('day plain', page, async () => {
    await page.goto(`${await open()}/jour/${canteens[0]}`);
    assert.match(await page.textContent('.now'), /Table|Changement/);
    await page.click('text=Actualiser');
    await page.goto(`${DESK}/accueil?q=college+n%C2%B0+3`);
    await page.click('.door-list button[value="arrive"]');
    assert.match(await page.textContent('.notice'), /arrivé à/);
    await page.goto(`${DESK}/ecran`);
    assert.match(await page.textContent('h1'), /Rendez-vous|Changez/);
    assert.equal(await overflow(page), null);
  });
});

test('ways to mend are chosen by keyboard', async () => {
  const page = await claire({ viewport: SIZES.desk });
  await journey('day mending', page, async () => {
    await page.goto(`${DESK}/reparation`);
    await look(page, '96-reparation');
    assert.deepEqual(await unreachable(page), []);
    await send(page, '.mending form button');
    await page.waitForURL(/fait=reparation/);
    await look(page, '97-reparee');
    assert.deepEqual(page.wrong, []);
  });
});

test('the big screen goes on without a network and survives a restart of the server', async () => {
  const page = await claire({ viewport: { width: 1920, height: 1080 } });
  await journey('day screen', page, async () => {
    await page.clock.install();
    await page.goto(`${DESK}/ecran`);
    await page.locator('#places li').first().waitFor();
    assert.deepEqual(await faults(page), []);
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/98-ecran.png` });
    await press(page, '#cloche');
    await page.waitForFunction(() => document.body.dataset.cloche === 'running');
    const round = () => page.textContent('#titre');
    const left = async () => (await page.textContent('#reste')).split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
    const [first, remains] = [await round(), await left()];

    // Ten minutes without a network: rounds and bell go on.
    await page.context().setOffline(true);
    await page.clock.fastForward((remains + 1) * 1_000);
    await page.waitForFunction((before) => document.getElementById('titre').textContent !== before, first);
    assert.ok(Number(await page.evaluate(() => document.body.dataset.rang)) >= 1, 'the bell rang');
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/99-ecran-cloche.png` });
    await page.clock.fastForward(10 * 60_000);
    assert.notEqual(await round(), first);
    await page.locator('#perdu', { hasText: 'sans réseau' }).waitFor();
    await page.context().setOffline(false);

    // The clock of the site is the right one: the first news sets it.
    await page.waitForFunction(() => document.getElementById('perdu').textContent === '');

    await stop();
    const alone = await left();
    await page.clock.fastForward(2_000);
    assert.notEqual(await left(), alone, 'it counts while the server is away');
    await start();
    const shown = await page.evaluate(() => document.body.dataset.page);
    const desk = await claire();
    await desk.goto(DESK);
    await submit(desk, `${DESK}/accueil`, `form[action="${DESK}/horaire"]`, { retard: '35' });
    await desk.context().close();
    await page.waitForFunction((before) => document.body.dataset.page !== before, shown, { timeout: 60_000 });
    for (const size of Object.values(SIZES)) {
      await page.setViewportSize(size);
      assert.equal(await overflow(page), null);
      assert.deepEqual(await faults(page), []);
    }
    assert.deepEqual(page.wrong.filter((line) => !/ERR_|Failed to load/.test(line)), []);
  });
});

/** Where everybody reads about the meeting. */
async function open() {
  const answer = await fetch(`${base}/rencontres`);
  return (await answer.text()).match(/href="(\/rencontres\/[^"/]+)"/)[1];
}
