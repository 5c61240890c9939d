// What the stories of farm visits have in common: a cook without an account, those who leave her their places, the organiser's way.

import assert from 'node:assert/strict';
import { fill, press, send, signIn } from './keyboard.mjs';
import { newest } from './mailbox.mjs';

export const TELEPHONE = { width: 360, height: 740 };
export const COOK = 'anne.roux@cantine.example';

/** Writes the form of a date and sends it. */
export async function ask(page, people) {
  await fill(page, '#nom', 'Anne Roux');
  await fill(page, '#courriel', COOK);
  await fill(page, '#organisation', 'Collège des Gorges');
  await fill(page, '#personnes', people);
  await send(page, 'main form button');
  assert.match(await page.textContent('main'), /anne\.roux@cantine\.example/);
}

/** Who comes cancels, signed in; the first who waits declines by the link of her mail. `seen` looks at the pages on the way. */
export async function othersLeave(site, visit, form, seen = async () => {}) {
  const sophie = await site.visitor({ viewport: TELEPHONE });
  await signIn(sophie, 'sophie.arnaud@college.example');
  await sophie.goto(form);
  assert.match(sophie.url(), /\/visites\/inscription\/\d+$/);
  await press(sophie, 'details:has(form[action$="/annulation"]) summary');
  await send(sophie, 'form[action$="/annulation"] button');
  await seen(sophie, '122-desinscrite');
  const julie = await newest(sophie, 'julie.vernet@ecole.example', visit);
  assert.equal(julie.about, 'des places se libèrent');
  await sophie.goto(julie.link);
  await seen(sophie, '123-places-proposees');
  await send(sophie, 'form[action$="/annulation"] button');
  assert.deepEqual(sophie.wrong, []);
  await sophie.context().close();
}

/** Goes to the organiser's page of a visit. */
export async function toVisit(claire, visit) {
  await claire.goto('/organisation/visites');
  await claire.locator('.letters a', { hasText: visit }).focus();
  await Promise.all([claire.waitForNavigation(), claire.keyboard.press('Enter')]);
}

/** Fills in other hours of the date whose page is open, and sends them. */
export async function moveTo(claire, from, to, words) {
  await fill(claire, '#debut', from);
  await fill(claire, '#fin', to);
  await fill(claire, '#message', words);
  await send(claire, 'form[action$="/horaire"] button');
  await claire.waitForURL(/fait=horaire/);
}
