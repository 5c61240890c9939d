// A cook on a telephone, by keyboard alone: her lists, a supplier kept and taken out, a search whose news she wants.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fill, look, press, send, signIn } from './keyboard.mjs';
import { journey, open } from './site.mjs';

let site;
before(async () => { site = await open(); });
after(() => site.close());

test('a cook keeps a supplier, takes it out and back, and follows a search by keyboard', async () => {
  const page = await site.visitor({ viewport: { width: 360, height: 740 } });
  await journey('favourites', page, async () => {
    await signIn(page, 'sophie.arnaud@college.example');
    await send(page, 'main a[href="/cantine/1/listes"]');
    await look(page, '60-listes');
    await send(page, 'main form button');
    await look(page, '61-listes-refusee');
    await send(page, 'main a[href="/cantine/1/listes/1"]');
    await look(page, '62-liste');
    await press(page, '.kept summary');
    await fill(page, '.kept input[name="note"]', 'Appeler le mardi.');
    await send(page, '.kept form[action$="/note"] button');
    await look(page, '63-liste-note');
    assert.match(await page.innerText('.kept'), /Appeler le mardi\./);
    const count = () => page.locator('.kept > li').count();
    await send(page, '.kept form[action$="/retrait"] button');
    await look(page, '64-liste-retrait');
    assert.equal(await count(), 2);
    await send(page, '.notice form button');
    assert.equal(await count(), 3);
    await send(page, 'main a[href$="/retrait"]');
    await look(page, '65-liste-fin');

    await page.goto('/annuaire?q=pain');
    await look(page, '66-resultats');
    await send(page, 'form[action="/mon-espace/recherches"] button');
    await look(page, '67-recherches');
    await send(page, '.devices a.button');
    await look(page, '68-recherche-fin');
    await send(page, 'main form button');
    await look(page, '69-recherches-vides');

    await page.goto('/annuaire?q=pain');
    await send(page, '.results h2 a');
    await look(page, '70-fiche');
    await send(page, 'main a[href$="/listes"]');
    await look(page, '71-garder');
    await send(page, 'main form:has(#dans) button');
    await look(page, '72-garder-refuse');
    await fill(page, '#nom', 'Pain du jeudi');
    await send(page, 'main form:has(#nom) button');
    await page.waitForURL(/fait=garde/);
    await look(page, '73-garde');
    await send(page, 'main a[href^="/cantine/1/listes/"]');
    await look(page, '74-liste-du-pain');
    assert.deepEqual(page.wrong.filter((line) => !line.includes('422')), []);
  });
});
