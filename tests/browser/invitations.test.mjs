// An organiser opens a meeting without mails, invites later, notes an invitation by hand: by keyboard, on a telephone and a desk.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { comeIn, fill, look, send, signIn, tabTo } from './keyboard.mjs';
import { journey, open, unreachable } from './site.mjs';

let site;
before(async () => {
  site = await open();
  const page = await site.visitor();
  await comeIn(page);
  await page.context().close();
});
after(() => site?.close());

test('an organiser opens, invites later and notes a notice', async () => {
  const page = await site.visitor({ viewport: { width: 360, height: 740 } });
  await journey('invitations', page, async () => {
    await signIn(page, 'claire.fabre@departement.example');
    await page.goto('/organisation/rencontres');
    await send(page, '.letters > li > a');
    await send(page, 'main a[href$="/copie"]');
    await fill(page, '#titre', 'Rencontre d’automne');
    await fill(page, '#jour', '18/11/2027');
    await send(page, 'main form button');
    await send(page, 'main a[href$="/etape"]');
    await look(page, '100-ouverture');
    assert.deepEqual(await unreachable(page), []);
    for (const side of ['cantine', 'fournisseur']) {
      await tabTo(page, `input[name="${side}"]`);
      await page.keyboard.press('Space');
    }
    await send(page, 'button[value="avancer"]');
    await send(page, 'main a[href$="/invitations"]');
    assert.match(await page.textContent('main'), /Personne n’a encore été invité/);
    await look(page, '101-invitations');
    await send(page, 'button[value="inviter"]');
    await page.waitForURL(/fait=envoi/);
    assert.match(await page.textContent('#trace ~ .letters'), /par courriel/);
    assert.deepEqual(await unreachable(page), []);
    await look(page, '102-invites');
    await fill(page, '#nom', 'Annonce dans le journal du canton');
    await fill(page, '#jour', 'hier');
    await send(page, '#noter ~ form button');
    assert.equal(await page.inputValue('#nom'), 'Annonce dans le journal du canton');
    await look(page, '103-a-corriger');
    await fill(page, '#jour', '01/03/2026');
    await send(page, '#noter ~ form button');
    await page.waitForURL(/fait=note/);
    await fill(page, '#q', 'canton');
    await send(page, '#trace ~ form button');
    await look(page, '104-trouvee');
    await send(page, '#trace ~ .letters button');
    await page.waitForURL(/fait=retrait/);
    await page.goto(page.url().replace(/invitations.*/, 'etape'));
    assert.match(await page.textContent('main'), /des invitations sont parties/);
    assert.deepEqual(page.wrong.filter((line) => !line.includes('422')), []);
  });
});
