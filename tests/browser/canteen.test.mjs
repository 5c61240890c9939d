// A cook on a telephone, by keyboard alone: what she looks for, who has it, a message to one of them.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { codeOf, fill, look, press, send, signIn } from './keyboard.mjs';
import { journey, open } from './site.mjs';

let site;
before(async () => { site = await open(); });
after(() => site.close());

test('a cook changes her list, sees who has it and writes to one by keyboard', async () => {
  const page = await site.visitor({ viewport: { width: 360, height: 740 } });
  await journey('canteen', page, async () => {
    await signIn(page, 'sophie.arnaud@college.example');
    await look(page, '40-mon-espace');
    await send(page, 'main a[href="/cantine/1"]');
    await look(page, '41-cantine');
    await fill(page, '#repas', 'beaucoup');
    await send(page, 'main form[method="post"] button');
    await look(page, '42-cantine-refusee');
    await fill(page, '#repas', '450');
    await fill(page, '#liste', 'carottes bio 40 kg');
    await send(page, 'main form[method="post"] button');
    await page.waitForURL(/fait=cantine/);
    await look(page, '43-cantine-enregistree');
    await send(page, 'main a[href$="/suggestions"]');
    await look(page, '44-suggestions');
    const first = page.locator('.matches > li').filter({ hasText: 'Meygal en Commun' }).locator('a');
    await first.focus();
    await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
    await send(page, 'main a[href$="/contact"]');
    await look(page, '45-ecrire');
    await send(page, 'main form button');
    await look(page, '46-ecrire-refuse');
    await fill(page, '#message', 'Bonjour, vos carottes nous intéressent.');
    await fill(page, '#quantite', '40 kg, chaque lundi');
    await send(page, 'main form button');
    await page.waitForURL(/fait=envoi/);
    await look(page, '47-ecrit');
    await page.goto('/cantine/1/messages');
    await look(page, '48-messages');
    await send(page, 'button[value="reponse"]');
    await look(page, '49-messages-notes');
    await press(page, 'a[href="/mon-espace"]');
    assert.deepEqual(page.wrong.filter((line) => !line.includes('422')), []);
  });
});

test('a canteen registers by keyboard, an organiser accepts it, and its search starts from its kitchen', async () => {
  const page = await site.visitor({ viewport: { width: 360, height: 740 } });
  await journey('canteen registration', page, async () => {
    await page.goto('/');
    await look(page, '50-accueil');
    await send(page, 'a[href="/cantines/inscription"]');
    await look(page, '51-inscription');
    await fill(page, '#courriel', 'paul.roche@ehpad.example');
    await send(page, 'main form button');
    await fill(page, '#code', await codeOf(page));
    await send(page, 'main form button.button');
    await page.waitForURL(/inscription/);
    await fill(page, '#cherche', 'nulle part');
    await send(page, 'form[role="search"] button');
    await look(page, '52-registre-vide');
    await fill(page, '#nom', 'EHPAD Les Sources');
    await send(page, 'main form[method="post"] button');
    await page.waitForURL(/cantine\/\d+/);
    await look(page, '53-cantine-a-verifier');
    const kitchen = new URL(page.url()).pathname;
    await fill(page, '#liste', 'carottes 10 kg');
    await fill(page, '#commune_nom', 'Le Puy-en-Velay');
    await page.keyboard.press('Escape');
    await send(page, 'main form[method="post"] button.button');
    await page.waitForURL(/fait=cantine/);

    const claire = await site.visitor({ viewport: { width: 1280, height: 900 } });
    await signIn(claire, 'claire.fabre@departement.example');
    await claire.click('text=Accepter');
    await claire.waitForURL(/fait=acceptation/);
    await look(claire, '54-espace-organisateur');
    await claire.goto('/organisation/cantines');
    await look(claire, '55-cantines-a-accepter');
    await claire.click('button[value="acceptation"]');
    await claire.waitForURL(/fait=acceptation/);
    for (const [name, address] of [['56-messages-signales', '/organisation/messages'], ['57-chiffres', '/organisation/chiffres']]) {
      await claire.goto(address);
      await look(claire, name);
    }
    assert.deepEqual(claire.wrong, []);
    await claire.context().close();

    await page.goto('/annuaire?q=carottes');
    await look(page, '58-depuis-ma-cuisine');
    await send(page, '.from-kitchen a');
    assert.match(page.url(), /near=43157/);
    await page.goto(`${kitchen}/suggestions`);
    await look(page, '59-suggestions');
    assert.deepEqual(page.wrong.filter((line) => !line.includes('422')), []);
  });
});
