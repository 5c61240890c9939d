// An organiser gives the site a colour and a logo; pages stay readable in the lightest colour that is taken, by day and by night.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { comeIn } from './keyboard.mjs';
import { faults, journey, open, overflow } from './site.mjs';

const LOOK = '/organisation/reglages/apparence';
const PAGES = ['/', '/annuaire?q=lentilles&near=43157&radius_km=30', '/mon-espace', '/organisation/reglages', LOOK, '/organisation/reglages/messages', '/organisation/reglages/textes'];
const LOGO = path.join(import.meta.dirname, '../../assets/pictures/apple-touch-icon.png');

let site;
before(async () => { site = await open(); });
after(() => site?.close());

test('the colour that is proposed keeps every page readable', async () => {
  await journey('territory', await site.visitor({ viewport: { width: 360, height: 740 } }), async (page) => {
    await comeIn(page);
    await page.goto(LOOK);
    await page.fill('#pastille', '#ffb000');
    assert.equal(await page.inputValue('#couleur'), '#ffb000', 'the code follows the palette');
    await page.click('text=Enregistrer la couleur');
    assert.match(await page.textContent('#couleur-error'), /trop claire/);
    await sound(page);
    await page.click('text=Prendre #');
    await page.setInputFiles('#logo', { name: 'logo.svg', mimeType: 'image/svg+xml', buffer: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>') });
    await page.click('text=Envoyer le logo');
    assert.match(await page.textContent('#logo-error'), /SVG/);
    await sound(page);
    await page.setInputFiles('#logo', { name: 'logo.png', mimeType: 'image/png', buffer: readFileSync(LOGO) });
    await page.click('text=Envoyer le logo');
    await page.waitForURL(/fait=logo/);
    await page.locator('.brand img').evaluate((image) => image.decode());
    assert.ok(await page.evaluate(() => document.querySelector('.brand img').naturalWidth > 0), 'the head shows the logo');
    page.wrong.splice(0);
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      for (const address of PAGES) {
        await page.goto(address);
        await sound(page);
      }
    }
    assert.deepEqual(page.wrong, []);
  });
});

async function sound(page) {
  assert.deepEqual(await faults(page), [], `axe on ${page.url()}`);
  assert.equal(await overflow(page), null, page.url());
}
