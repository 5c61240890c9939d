// A speed meeting made through the pages that organisers use, without drawing each: weeks of registering and choosing in seconds.

import assert from 'node:assert/strict';

const DAY = new Intl.DateTimeFormat('fr-FR', { timeZone: 'Europe/Paris', day: '2-digit', month: '2-digit', year: 'numeric' });

/** Sends the first form of `path` that `selector` names as it stands, but for `fields`; an answer that leads nowhere fails. */
export async function submit(page, path, selector, fields = {}) {
  const [led, said] = await page.evaluate(async ([address, wanted, typed]) => {
    const read = async (answer) => new DOMParser().parseFromString(await answer.text(), 'text/html');
    const form = (await read(await fetch(address))).querySelector(wanted);
    if (!form) return [null, `no form ${wanted}`];
    const body = new URLSearchParams(new FormData(form));
    for (const [name, value] of Object.entries(typed)) body.set(name, value);
    const answer = await fetch(form.getAttribute('action') ?? address, { method: 'POST', body });
    const shown = await read(answer);
    return [answer.redirected ? answer.url : null, [...shown.querySelectorAll('.error, .notice, h1')].map((one) => one.textContent.trim()).join(' | ')];
  }, [path, selector, fields]);
  assert.ok(led, `${path} ${selector} ${JSON.stringify(fields)}: ${said}`);
  return led;
}

/** The elements of a page that `selector` names: text and address of each. */
export function links(page, path, selector) {
  return page.evaluate(async ([address, wanted]) => {
    const shown = new DOMParser().parseFromString(await (await fetch(address)).text(), 'text/html');
    return [...shown.querySelectorAll(wanted)].map((one) => ({ text: one.textContent.trim(), href: one.getAttribute('href'), action: one.getAttribute('action') }));
  }, [path, selector]);
}

/** Somebody takes all listings in hand that carry her address; `code` reads the code of her mail. */
export async function takeInHand(page, address, code) {
  await page.goto('/fournisseurs/inscription');
  await page.fill('#courriel', address);
  await page.click('main form button');
  await page.fill('#code', await code());
  await page.click('main form button.button');
  await page.waitForURL(/inscription/);
  const free = 'form:has([name="fiche"])';
  while ((await links(page, '/fournisseurs/inscription', free)).length > 0) await submit(page, '/fournisseurs/inscription', free);
}

/** Prepares a meeting for today; says where organisers run it. */
export async function prepare(page, title) {
  await page.goto('/organisation/rencontres/ajout');
  await page.fill('#titre', title);
  await page.fill('#jour', DAY.format(new Date()));
  await page.fill('#commune_nom', 'Yssingeaux');
  await page.click('main form button');
  await page.waitForURL(/fait=preparation/);
  return new URL(page.url()).pathname;
}

/** Its tables, and one session of some appointments. */
export async function arrange(page, desk, tables, begins, appointments) {
  await submit(page, desk, `form[action^="${desk}/lieu"]`, { salle: 'Halle' });
  const none = Object.fromEntries([2, 3].flatMap((row) => ['seance', 'debut', 'nombre'].map((name) => [`${name}-${row}`, ''])));
  const hours = { ...none, duree: '5', changement: '1', 'debut-1': begins, 'nombre-1': String(appointments) };
  await submit(page, desk, `form[action^="${desk}/horaires"]`, hours);
  await submit(page, desk, `form[action^="${desk}/tables"]`, { combien: String(tables) });
}

/** Opens teams of canteens. */
export async function kitchens(page, names) {
  for (const [at, name] of names.entries()) {
    await submit(page, '/organisation/equipes', 'form[action="/organisation/equipes"]', { genre: 'cantine', nom: name, courriel: `cuisine${at}@college.example` });
  }
}

/** Goes on to the next state. */
export function goOn(page, desk) {
  return submit(page, `${desk}/etape`, `form[action="${desk}/etape"]`, { geste: 'avancer' });
}

/** Registers the organisations that these names find; says their keys. */
export async function register(page, desk, names) {
  const keys = [];
  for (const name of names) {
    const found = await links(page, `${desk}/participants?ajout=${encodeURIComponent(name)}`, 'section[aria-labelledby="ajouter"] ul.letters a');
    for (const { text, href } of found) {
      const key = href.split('/').pop();
      if (keys.includes(key)) continue;
      await submit(page, href, `form[action="${href}"]`, { 'nom-1': `Camille, ${text}` });
      keys.push(key);
    }
  }
  return keys;
}

/** Each of these canteens wishes for `count` suppliers, another first each time. */
export async function choose(page, desk, canteens, count) {
  for (const [at, key] of canteens.entries()) {
    const here = `${desk}/souhaits/${key}`;
    const cards = (await links(page, here, 'form.actions')).map(({ action }) => action);
    for (let rank = 0; rank < count; rank += 1) {
      const card = cards[(at + rank) % cards.length];
      await submit(page, here, `form.actions[action="${card}"]`, { geste: 'rencontrer' });
    }
  }
}

/** Has a timetable searched for, takes it and publishes it. */
export async function publish(page, desk) {
  await page.goto(new URL(await submit(page, `${desk}/planning/recherches`, `form[action="${desk}/planning/recherches"]`, { secondes: '5' })).pathname);
  await page.locator('a.button[href$="/choix"]').waitFor({ timeout: 30_000 });
  const choice = `${new URL(page.url()).pathname}/choix`;
  await submit(page, choice, `form[action="${choice}"]`);
  await submit(page, `${desk}/publication`, `form[action="${desk}/publication"]`);
}
