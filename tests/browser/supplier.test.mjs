// A farmer on a telephone, by keyboard alone: from nothing to a listing that everybody finds.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { codeOf, fill, look, press, send, signIn } from './keyboard.mjs';
import { journey, open } from './site.mjs';

const SHOTS = process.env.SHOTS;
let site;
before(async () => { site = await open(); });
after(() => site.close());

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
    await claire.goto('/organisation/fiches?nom=suc');
    await look(claire, '17-fiches');
    await claire.click('.letters a[href$="/ferme-du-suc"]');
    await look(claire, '18-tenir-la-fiche');
    await claire.goto('/organisation/fiches/invitations');
    await look(claire, '19-invitations');
    assert.deepEqual(claire.wrong, []);
    await claire.context().close();
    await page.reload();
    await look(page, '16-en-ligne');
    await send(page, 'main a[href$="/etat"]');
    await look(page, '20-etat');
    await fill(page, '#retour', '31/02/2027');
    await send(page, 'button[value="pause"]');
    await look(page, '21-pause-refusee');
    await fill(page, '#retour', '');
    await page.keyboard.press('Delete');
    await send(page, 'button[value="pause"]');
    await page.waitForURL(/fait=pause/);
    await look(page, '22-en-pause');
    await send(page, 'button[value="retour"]');
    await page.waitForURL(/fait=retour/);
    await page.goto(new URL(page.url()).pathname.replace('etat', 'historique'));
    await look(page, '23-historique');
    await page.goto(new URL(page.url()).pathname.replace('historique', 'messages'));
    await look(page, '24-messages');
    // The one refusal on purpose.
    assert.deepEqual(page.wrong.filter((line) => !line.includes('422')), []);
  });
});

test('she pastes a price list, joins a certificate and a photograph by keyboard', async () => {
  const page = await site.visitor({ viewport: { width: 360, height: 740 } });
  await journey('supplier parts', page, async () => {
    await page.goto('/fournisseurs/inscription');
    await fill(page, '#courriel', 'paul@ferme.example');
    await send(page, 'main form button');
    await fill(page, '#code', await codeOf(page));
    await send(page, 'main form button.button');
    await page.waitForURL(/inscription/);
    await fill(page, '#nom', 'Ferme de Paul');
    await send(page, 'main form button');
    const desk = new URL(page.url()).pathname.replace('/identite', '');

    await page.goto(`${desk}/produits/tableau`);
    await look(page, '30-tableau');
    await press(page, '#tableau', 'End');
    await page.keyboard.insertText('Produit\tPrix\tMois\nCarottes\t2,50\tété\nPanais\t3\toctobre à mars');
    await send(page, 'button[value="lecture"]');
    await look(page, '31-tableau-a-corriger');
    await send(page, 'button[value="ajout"]');
    await look(page, '32-tableau-reste');
    assert.match(await page.inputValue('#tableau'), /Carottes/);

    await page.goto(`${desk}/certifications/ajout`);
    await look(page, '33-certificat');
    await send(page, 'main form button.button');
    await look(page, '34-certificat-refuse');
    await press(page, '#signe', 'ArrowDown');
    await fill(page, '#numero', '114386');
    await send(page, 'main form button.button');
    await look(page, '35-certificats');

    await page.goto(`${desk}/photos`);
    await send(page, 'main form button.button');
    await look(page, '36-photo-refusee');
    await page.goto(`${desk}/produits`);
    await send(page, '.own-offers form[action$="/copie"] button');
    await look(page, '37-copie');
    await page.goto(desk);
    await look(page, '38-fiche-incomplete');
    assert.deepEqual(page.wrong.filter((line) => !line.includes('422')), []);
  });
});
