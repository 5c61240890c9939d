// A cook on a telephone, by keyboard alone: what she looks for, who has it, a message to one of them.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fill, look, press, send, signIn } from './keyboard.mjs';
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
