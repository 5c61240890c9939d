// A cook registers for a meeting by keyboard and takes it back; organisers see who comes. Each page on a telephone and on a desk.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { comeIn, fill, look, send, signIn } from './keyboard.mjs';
import { journey, open, unreachable } from './site.mjs';

const TELEPHONE = { width: 360, height: 740 };

let site;
before(async () => {
  site = await open();
  const page = await site.visitor();
  await comeIn(page);
  await page.context().close();
});
after(() => site?.close());

test('a cook registers, changes her hours and withdraws', async () => {
  const page = await site.visitor({ viewport: TELEPHONE });
  await journey('participants cook', page, async () => {
    await signIn(page, 'sophie.arnaud@college.example');
    await page.goto('/rencontres');
    await send(page, 'main a[href^="/rencontres/rencontre-des-cantines"]');
    await look(page, '90-rencontre');
    await send(page, 'main a.button[href$="/inscription"]');
    await look(page, '91-inscription');
    assert.deepEqual(await unreachable(page), []);
    await fill(page, '#nom-1', 'Sophie Arnaud');
    await fill(page, '#arrivee', 'tôt');
    await send(page, 'main form button');
    await look(page, '92-inscription-refusee');
    assert.equal(await page.inputValue('#nom-1'), 'Sophie Arnaud');
    await fill(page, '#arrivee', '10 h');
    await send(page, 'main form button');
    await page.waitForURL(/fait=inscription/);
    await look(page, '93-inscrite');
    await fill(page, '#arrivee', '10 h 30');
    await send(page, 'main form button');
    await page.waitForURL(/fait=changement/);
    const organisers = await site.visitor({ viewport: TELEPHONE });
    await signIn(organisers, 'claire.fabre@departement.example');
    await organisers.goto('/organisation/rencontres');
    await send(organisers, '.letters > li > a');
    await send(organisers, 'main a[href$="/participants"]');
    assert.match(await organisers.textContent('main'), /Sophie Arnaud[^]*arrive à 10\sh\s30/);
    await look(organisers, '94-participants');
    await fill(organisers, '#ajout', 'a');
    await send(organisers, '#ajouter ~ form button');
    await look(organisers, '95-ajouter');
    await send(page, 'main a[href$="/retrait"]');
    await look(page, '96-retrait');
    await send(page, 'main form button');
    await page.waitForURL(/fait=retrait/);
    await look(page, '97-desinscrite');
    assert.deepEqual(page.wrong.filter((line) => !line.includes('422')), []);
    assert.deepEqual(organisers.wrong, []);
  });
});
