// An organiser does everything of her account by keyboard alone, on a telephone's width and on a desk's; then a cook.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, test } from 'node:test';
import { faults, journey, open, overflow } from './site.mjs';

let site;
before(async () => { site = await open(); });
after(() => site?.close());

test('an organiser and a cook go through their accounts by keyboard alone', async () => {
  await journey('accounts', await site.visitor({ viewport: { width: 360, height: 740 } }), async (page) => {
    await accept(page, 'Votre invitation');
    await type(page, 'Prénom et nom', 'Claire Fabre');
    await press(page, 'Enregistrer mon nom');
    await said(page, /nom est enregistré/);

    await visit(page, '/organisation/equipes');
    await press(page, 'Créer et inviter');
    assert.equal(await page.locator('[aria-invalid=true]').count(), 4, 'each refused field says so');
    await page.click('.refusal a[href="#genre"]');
    assert.equal(await page.evaluate(() => document.activeElement.name), 'genre', 'the summary leads to the choice');
    await sound(page);
    await walk(page, (at) => at.name === 'genre');
    await page.keyboard.press('Space');
    await type(page, 'Son nom', 'Collège des Hauts');
    await type(page, 'Adresse de sa première personne', 'cuisine@college.example');
    await press(page, 'Créer et inviter');
    await said(page, /équipe est créée/);

    await visit(page, '/mon-espace/second-facteur');
    await press(page, 'Activer un second facteur');
    await sound(page);
    const secret = await page.textContent('.spelled');
    await type(page, 'Code à six chiffres', '000000');
    await press(page, 'Activer');
    await said(page, /pas le bon code/);
    await type(page, 'Code à six chiffres', code(secret));
    await press(page, 'Activer');
    assert.equal(await page.locator('.recovery-codes li').count(), 10);
    await sound(page);
    await press(page, 'J’ai gardé mes codes');

    await visit(page, '/mon-espace/cles');
    await press(page, 'Créer cette clé');
    await said(page, /Donnez un nom/);
    await type(page, 'Son nom', 'tableur');
    await walk(page, (at) => at.name === 'identity');
    await page.keyboard.press('Space');
    await press(page, 'Créer cette clé');
    assert.match(await page.textContent('.spelled'), /^ml_/);
    await sound(page);

    await visit(page, '/mon-espace/agenda');
    await press(page, 'Obtenir l’adresse');
    await said(page, /ne s’affichera plus/);
    for (const path of ['/organisation/acces', '/organisation/acces/1/retrait', '/organisation/journal', '/organisation/courrier',
      '/mon-espace/appareils', '/mon-espace/donnees', '/mon-espace/donnees/effacement', '/demo/courrier/modeles', '/aide', '/aide/organisateur']) {
      await visit(page, path);
    }
    // A mail of each kind; on its own page nothing may run, axe neither.
    const models = await page.request.get('/demo/courrier/modeles').then((answer) => answer.text());
    const letter = await page.context().newPage();
    for (const [path] of models.matchAll(/\/demo\/courrier\/modeles\/\d+/g)) {
      await letter.setContent(await page.request.get(path).then((answer) => answer.text()));
      await sound(letter);
    }
    await letter.close();
    await visit(page, '/mon-espace');
    await press(page, 'Me déconnecter');

    await accept(page, 'Invitation à rejoindre');
    await visit(page, await page.locator('main a[href^="/equipes/"]').first().getAttribute('href'));
    await type(page, 'Son adresse de courriel', 'personne');
    await press(page, 'Envoyer l’invitation');
    await said(page, /adresse de courriel/);
    await visit(page, '/mon-espace/donnees/effacement');
    await press(page, 'Effacer mon compte');
    await said(page, /Cochez la case/);
    await walk(page, (at) => at.name === 'compris');
    await page.keyboard.press('Space');
    await press(page, 'Effacer mon compte');
    assert.match(await page.textContent('h1'), /compte est effacé/);
    await sound(page);
    assert.deepEqual(page.wrong.filter((line) => !/40[49]|422/.test(line)), []);
  });
});

async function accept(page, title) {
  await page.goto('/demo/courrier');
  await page.click(`text=${title}`);
  const href = await page.frameLocator('iframe.letter').locator('a.button').getAttribute('href');
  await visit(page, new URL(href).pathname);
  await press(page, 'Accepter et entrer');
  await page.waitForURL(/mon-espace/);
  await sound(page);
}

async function visit(page, path) {
  await page.goto(path);
  await sound(page);
}

/** axe and no overflow, on a telephone's width and on a desk's. */
async function sound(page) {
  for (const width of [1280, 360]) {
    await page.setViewportSize({ width, height: 800 });
    assert.deepEqual(await faults(page), [], `axe on ${page.url()} at ${width}`);
    assert.equal(await overflow(page), null, `${page.url()} at ${width}`);
  }
}

/** What the page says of a form that was sent, where a screen reader hears it first. */
async function said(page, words) {
  const told = await page.locator('main [role=alert], main [role=status]').allTextContents();
  assert.match(told.join(' '), words);
  await sound(page);
}

/** Tabs from the top of the page until the focus stands where it should, and can be seen there. */
async function walk(page, wanted) {
  await page.evaluate(() => { document.activeElement?.blur(); getSelection().removeAllRanges(); scrollTo(0, 0); });
  for (let steps = 0; steps < 80; steps += 1) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(() => {
      const here = document.activeElement;
      const style = getComputedStyle(here);
      const label = here.labels?.[0]?.innerText ?? '';
      return { name: here.name ?? '', words: here.innerText || '', label, isSeen: style.outlineStyle !== 'none' && style.outlineWidth !== '0px' };
    });
    if (wanted(at)) {
      assert.ok(at.isSeen, `the focus is seen on ${at.name || at.words}`);
      return;
    }
  }
  assert.fail(`not reached with the Tab key on ${page.url()}: ${wanted}`);
}

async function type(page, label, text) {
  await walk(page, (at) => at.label.startsWith(label));
  await page.keyboard.press('Control+A');
  await page.keyboard.type(text);
}

async function press(page, words) {
  await walk(page, (at) => at.words.trim().startsWith(words));
  await Promise.all([page.waitForLoadState('load'), page.waitForEvent('framenavigated'), page.keyboard.press('Enter')]);
}

/** What a telephone shows now (RFC 6238). */
function code(secret) {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...secret.replaceAll(' ', '')].map((letter) => letters.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000)));
  const hash = createHmac('sha1', key).update(counter).digest();
  const at = hash[19] & 15;
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}
