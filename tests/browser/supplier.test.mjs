// A farmer on a telephone, by keyboard alone: from nothing to a listing that everybody finds.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { faults, journey, open } from './site.mjs';

const SHOTS = process.env.SHOTS;
let site;
before(async () => { site = await open(); });
after(() => site.close());

/** Leaves a page that is right: nothing broken, nothing that axe finds, nothing beside the screen. */
async function look(page, name) {
  assert.deepEqual(await faults(page), [], name);
  const [across, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(across <= screen, `${name}: ${across} pixels across a screen of ${screen}`);
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true });
}

/** Goes by Tab to what the selector names. */
async function tabTo(page, selector) {
  for (let presses = 0; presses < 150; presses += 1) {
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return;
    await page.keyboard.press('Tab');
  }
  assert.fail(`${selector} is not reached by Tab on ${page.url()}`);
}

async function fill(page, selector, text) {
  await tabTo(page, selector);
  await page.keyboard.press('Control+A');
  await page.keyboard.type(text);
}

async function press(page, selector, key = 'Enter') {
  await tabTo(page, selector);
  await page.keyboard.press(key);
}

/** Presses a button that leads to another page. */
async function send(page, selector) {
  await Promise.all([page.waitForNavigation(), press(page, selector)]);
}

/** The code of the newest mail, from the mailbox of the demonstration. */
async function codeOf(page) {
  const box = await page.context().newPage();
  await box.goto('/demo/courrier');
  const first = box.locator('main a[href^="/demo/courrier/"]').filter({ hasText: /code|connex/i }).first();
  await first.click();
  const code = (await box.locator('main').innerText()).match(/\b(\d{3})\s?(\d{3})\b/);
  await box.close();
  return code[1] + code[2];
}

async function signIn(page, address) {
  await page.goto('/connexion');
  await page.fill('#courriel', address);
  await page.click('main form button');
  await page.fill('#code', await codeOf(page));
  await page.click('main form button');
  await page.waitForURL(/mon-espace/);
}

test('a farmer registers by keyboard on a telephone and is found as soon as she is accepted', async () => {
  const page = await site.visitor({ viewport: { width: 360, height: 740 } });
  await journey('supplier', page, async () => {
    const begun = Date.now();
    await page.goto('/');
    await send(page, 'a[href="/fournisseurs/inscription"]');
    await look(page, '01-inscription');
    await fill(page, '#siret', '123');
    await send(page, 'main form button');
    await look(page, '02-inscription-refusee');
    await fill(page, '#siret', '732 829 320 00074');
    await fill(page, '#courriel', 'julie@ferme-du-suc.example');
    await send(page, 'main form button');
    await look(page, '03-code');
    await fill(page, '#code', await codeOf(page));
    await send(page, 'main form button.button');
    await page.waitForURL(/inscription/);
    await look(page, '04-nom');
    await fill(page, '#nom', 'Ferme du Suc');
    await send(page, 'main form button');
    await look(page, '05-identite');
    await press(page, 'input[name="type"][value="producer"], input[name="type"]', 'Space');
    await fill(page, '#telephone', '04 71 00 00 00');
    await send(page, 'main form button');
    await look(page, '06-lieu');
    await fill(page, '#commune_nom', 'Le Puy-en-Velay');
    await page.keyboard.press('Escape');
    await send(page, 'main form button.button');
    await look(page, '07-livraison');
    await press(page, 'input[name="livre"]', 'Space');
    await fill(page, '#rayon', '30');
    await fill(page, '#minimum', '80');
    await send(page, 'main form button');
    await look(page, '08-produits');
    await send(page, 'a[href$="/produits/ajout"]');
    await look(page, '09-produit');
    await fill(page, '#produit', 'Topinambours violets');
    await fill(page, '#prix', '2,40');
    await fill(page, '#unite', 'kg');
    await send(page, 'main form button');
    await look(page, '10-produits');
    await send(page, 'main p.actions:last-child a');
    await look(page, '11-fiche');
    await send(page, 'a[href$="/apercu"]');
    await look(page, '12-apercu');
    await send(page, '.notice a.button');
    await send(page, 'form[action$="/envoi"] button');
    await look(page, '13-envoyee');
    const registered = Date.now();

    const claire = await site.visitor({ viewport: { width: 1280, height: 900 } });
    await signIn(claire, 'claire.fabre@departement.example');
    await claire.click('text=Accepter');
    await claire.waitForURL(/fait=acceptation/);
    await claire.goto('/organisation/fiches');
    await look(claire, '14-file');
    await claire.click('.letters a');
    await look(claire, '15-relecture');
    await claire.click('button[value="acceptation"]');
    await claire.waitForURL(/fait=acceptation/);
    const accepted = Date.now();
    let found = 0;
    while (!found && Date.now() - accepted < 2000) {
      found = (await (await fetch(`${site.base}/api/v1/suppliers?q=topinambours+violets`)).json())
        .hits.filter((hit) => hit.name === 'Ferme du Suc').length;
    }
    assert.equal(found, 1, 'found within two seconds of acceptance');
    if (SHOTS) console.log(`registered in ${registered - begun} ms, found after ${Date.now() - accepted} ms`);
    assert.deepEqual(claire.wrong, []);
    await claire.context().close();
    await page.reload();
    await look(page, '16-en-ligne');
    // The one refusal on purpose.
    assert.deepEqual(page.wrong.filter((line) => !line.includes('422')), []);
  });
});
