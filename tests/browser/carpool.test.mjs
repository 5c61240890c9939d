// Who goes to a visit by car with whom, by keyboard: found, asked, agreed, told; each page on a telephone and on a desk.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { comeIn, fill, look, send } from './keyboard.mjs';
import { newest } from './mailbox.mjs';
import { journey, open, unreachable } from './site.mjs';

const TELEPHONE = { width: 360, height: 740 };
const DRIVER = 'denis.pradier@ehpad.example';
const COOK = 'sophie.arnaud@college.example';
const VISIT = 'Du lait';

let site;
before(async () => {
  site = await open();
  const page = await site.visitor();
  await comeIn(page);
  await page.context().close();
});
after(() => site?.close());

test('a cook asks for a seat, the driver accepts, each reads who the other is', async () => {
  const page = await site.visitor({ viewport: TELEPHONE });
  await journey('carpool', page, async () => {
    await page.goto((await newest(page, COOK, VISIT)).link);
    await look(page, '140-inscrite-et-covoiturage');
    await send(page, 'main a[href$="/covoiturage"]');
    await look(page, '141-voitures');
    assert.deepEqual(await unreachable(page), []);
    assert.match(await page.textContent('main'), /Le Puy-en-Velay[^]*km de détour/);
    assert.doesNotMatch(await page.textContent('main'), /Denis/);
    await send(page, 'main a[href$="cote=cherche"]');
    await look(page, '142-demande');
    await fill(page, '#sieges', '9');
    await send(page, 'main form button');
    await look(page, '143-demande-refusee');
    await fill(page, '#sieges', '2');
    await fill(page, '#telephone', '06 00 00 00 00');
    await send(page, 'main form button');
    await send(page, 'form[action$="/demandes"] button');
    await look(page, '144-demande-partie');
    const driver = await site.visitor({ viewport: TELEPHONE });
    const asked = await newest(driver, DRIVER, VISIT);
    assert.doesNotMatch(asked.text, /Sophie|06 00/);
    await driver.goto(`${asked.link}/covoiturage`);
    await look(driver, '145-on-demande');
    await send(driver, 'button[value="accepter"]');
    await look(driver, '146-accord');
    assert.match(await driver.textContent('main'), /Sophie Arnaud[^]*06 00 00 00 00/);
    assert.match((await newest(page, COOK, VISIT)).text, /Denis Pradier/);
    await page.reload();
    await look(page, '147-place-trouvee');
    await send(driver, 'form[action$="/retrait"] button');
    await look(driver, '148-rien-encore');
    await send(driver, 'main a[href$="cote=propose"]');
    await look(driver, '149-proposer');
    await page.goto('/visites/du-lait-a-la-tomme-a-la-fromagerie');
    await look(page, '150-visite-sans-voiture');
    assert.deepEqual(page.wrong.filter((line) => !line.includes('422')), []);
    assert.deepEqual(driver.wrong, []);
    await driver.context().close();
  });
});
