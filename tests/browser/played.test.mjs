// An edition of twenty-eight canteens and thirty-five suppliers, played from the first day to the report: what people do is
// clicked and typed, what sixty others do likewise is sent. `SHOTS` keeps pictures and papers.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { cast, listings, said, wishes } from './cast.mjs';
import { broken, change, has, inForce, own, spoilt } from './facts.mjs';
import { Guest, Hall, each, plain } from './hall.mjs';
import { look, press, send } from './keyboard.mjs';
import { links } from './meeting.mjs';
import { sheets } from './paper.mjs';
import { overflow } from './site.mjs';

const DESK = '/organisation/rencontres/1';
const TELEPHONE = { viewport: { width: 360, height: 740 }, hasTouch: true };
const COMPUTER = { viewport: { width: 1280, height: 900 } };
const LENGTH = 12;

const hall = new Hall();
const all = cast();
const [cook, farmer] = [all[0], all.find(({ side }) => side === 'supplier')];
const late = all.at(-1);
const waits = all.findLast(({ side }) => side === 'canteen');
const began = Date.now();
/** When a slot begins, in minutes from the morning: seven before noon, seven after. */
const begins = (slot) => (slot <= 7 ? 40 + (slot - 1) * LENGTH : 210 + (slot - 8) * LENGTH);
const HOURS = Array.from({ length: 14 }, (_, slot) => hall.clock(begins(slot + 1)).hour);
const at = (slot) => HOURS[slot - 1];
const today = hall.clock().day;

let claire;
/** Where everybody reads of the meeting. */
let open;
let tables = 18;
/** Who is in the version in force. */
let coming;
/** Whom the desk noted as absent. */
const missing = [];
const arrived = new Set();
const figures = [];
const note = (what, value) => figures.push(`  ${what.padEnd(44)} ${value}`);

before(async () => {
  const invited = hall.run('person', 'invite', 'claire@departement.example', '--role', 'organiser');
  const file = path.join(hall.folder, 'fermes.csv');
  writeFileSync(file, listings(all));
  hall.run('import', 'suppliers', file);
  await hall.open();
  claire = await hall.visitor(COMPUTER);
  await claire.goto(new URL(invited.match(/https?:\S+/)[0]).pathname);
  await claire.click('main form button');
  await claire.waitForURL(/mon-espace/);
  await hall.claire.as(claire.context());
});

after(async () => {
  await hall.close();
  console.log(`\nUne rencontre de 28 cantines et 35 fournisseurs, dans le navigateur\n${figures.join('\n')}\n  ${'en tout'.padEnd(44)} ${seconds(began)} s`);
});

let isBroken = false;

/** What happens next, unless something before it went wrong. */
function step(name, happens) {
  test(name, async (t) => {
    if (isBroken) return t.skip('the step before failed');
    isBroken = true;
    await happens();
    isBroken = false;
  });
}

const seconds = (since) => ((Date.now() - since) / 1_000).toFixed(1);

/** Where somebody does something at the meeting. */
const where = (who, what) => `${open}/${what}/${who.organisation}`;

/** A page of somebody who is in. */
async function pageOf(who, options) {
  const page = await hall.visitor({ storageState: who.state, ...options });
  page.who = who;
  return page;
}

/** Goes on to the next state, by its page. */
async function goOn() {
  await claire.goto(`${DESK}/etape`);
  await claire.click('button[value="avancer"]');
  await claire.waitForURL(/fait=etape/);
}

/** The version in force keeps every rule. */
async function sound(when, exempt = () => false) {
  const meetings = await inForce(hall, DESK);
  assert.deepEqual(broken(meetings, coming, tables), [], when);
  assert.deepEqual(meetings.filter((meeting) => !exempt(meeting) && missing.some((who) => has(meeting, who))), [], `${when}: nobody waits for who is missing`);
  return meetings;
}

/** Those whose day is another were told, and nobody else. */
async function toldOf(event, before, after, others = {}) {
  const { names } = change(before, after);
  const { people, kinds } = await hall.news(event);
  const wanted = all.filter(({ name }) => names.has(name) && !Object.values(others).flat().some((who) => who.name === name)).map(({ to }) => to);
  assert.deepEqual(people.toSorted(), [...wanted, ...Object.values(others).flat().map(({ to }) => to)].toSorted(), event);
  assert.equal(kinds.meeting_day ?? 0, wanted.length, event);
  for (const [kind, who] of Object.entries(others)) assert.equal(kinds[kind], who.length, `${event}: ${kind}`);
}

function changed(what, before, after) {
  const { moved, lost, fresh, names } = change(before, after);
  note(what, `${moved} déplacés, ${lost} perdus, ${fresh} nouveaux ; ${names.size} organisations`);
}

step('everybody has an account: a cook and a farmer by their pages', async () => {
  for (const { side, name, to } of all.filter(({ side }) => side === 'canteen')) {
    await hall.claire.send('/organisation/equipes', { genre: side === 'canteen' ? 'cantine' : 'fournisseur', nom: name, courriel: to });
  }
  const link = async ({ to }) => (await hall.letter(to, 'invitation')).match(/https?:\/\/[^/\s]+(\/invitation\/\S+)/)[1];
  const page = await hall.visitor(COMPUTER);
  await page.goto(await link(cook));
  await page.click('main form button.button');
  await page.waitForURL(/mon-espace/);
  cook.state = await page.context().storageState();
  assert.deepEqual(page.wrong, []);
  await page.context().close();

  const field = await hall.visitor(TELEPHONE);
  await field.goto('/fournisseurs/inscription');
  await field.fill('#courriel', farmer.to);
  await field.tap('main form button');
  await field.fill('#code', await hall.code(farmer.to));
  await field.tap('main form button.button');
  await field.waitForURL(/inscription/);
  await field.tap('main form:has(input[name="fiche"]) button');
  await field.waitForURL(/fiche\/\d+/);
  farmer.state = await field.context().storageState();
  assert.deepEqual(field.wrong, []);
  await field.context().close();

  await each(all.filter((who) => who !== cook && who !== farmer), async (who) => {
    who.guest = new Guest(() => hall.base);
    if (who.side === 'canteen') return void await who.guest.send(await link(who), {});
    await who.guest.send('/fournisseurs/inscription', { courriel: who.to });
    await who.guest.send('/connexion/code', { code: await hall.code(who.to), suite: '/fournisseurs/inscription' });
    const [, key] = (await who.guest.read('/fournisseurs/inscription')).match(/name="fiche" value="([^"]+)"/);
    await who.guest.send('/fournisseurs/inscription', { fiche: key });
  });
});

step('the organiser prepares the meeting, and opens it', async () => {
  await claire.goto('/organisation/rencontres');
  await claire.click('main a[href$="/ajout"]');
  await claire.fill('#titre', 'Rencontre du Velay');
  await claire.fill('#jour', today);
  await claire.fill('#salle', 'Salle des fêtes');
  await claire.fill('#commune_nom', 'Yssingeaux');
  await claire.keyboard.press('Escape');
  await claire.click('main form button.button');
  await claire.waitForURL(/fait=preparation/);
  assert.equal(new URL(claire.url()).pathname, DESK);
  const save = async (section, fields) => {
    for (const [name, value] of Object.entries(fields)) await claire.fill(`[name="${name}"]`, value);
    await claire.click(`#${section} form p.actions button:first-child`);
    await claire.waitForURL(new RegExp(`fait=${section}`));
  };
  await save('horaires', { duree: '10', changement: '2', 'debut-1': at(1), 'nombre-1': '7', 'debut-2': at(8), 'nombre-2': '7' });
  await save('tables', { combien: String(tables) });
  await save('inscription', { places_cantines: '28', places_fournisseurs: '35', minimum: '3' });
  await hall.news('before the opening');
  await goOn();
  open = await claire.locator('a[href^="/rencontres/"]').first().getAttribute('href');
  const { people, kinds } = await hall.news('opening');
  assert.deepEqual(kinds, { meeting_invitation: all.length });
  assert.deepEqual(people.toSorted(), all.map(({ to }) => to).toSorted());
});

step('a cook and a farmer register by their pages, sixty-two others likewise', async () => {
  for (const [who, options] of [[cook, COMPUTER], [farmer, TELEPHONE]]) {
    const page = await pageOf(who, options);
    await page.goto('/rencontres');
    await page.click(`main a[href="${open}"]`);
    await page.click('main a.button[href$="/inscription"]');
    for (const [name, value] of Object.entries(said(who, at))) await page.fill(`[name="${name}"]`, value);
    await page.fill('#produits', 'De quoi goûter, et nos tarifs.');
    await page.click('main form button[type="submit"]');
    await page.waitForURL(/fait=inscription/);
    who.organisation = Number(page.url().match(/inscription\/(\d+)/)[1]);
    assert.match(await page.textContent('main'), /une place est réservée/);
    assert.deepEqual(page.wrong, []);
    await page.context().close();
  }
  const register = async (who) => {
    const { location } = await who.guest.ask(`${open}/inscription`);
    who.organisation = Number(location.match(/(\d+)$/)[1]);
    await who.guest.send(location, said(who, at));
  };
  await each(all.filter((who) => who.guest && who !== late && who !== waits), register);
  await register(waits);
  const { participants } = await hall.told('/participants');
  for (const who of all) who.id = participants.find(({ name }) => plain(name) === who.name)?.id;
  const counted = (side, state) => participants.filter((one) => one.side === side && one.state === state).length;
  assert.deepEqual([counted('canteen', 'registered'), counted('canteen', 'waiting'), counted('supplier', 'registered')], [28, 1, 35]);
  coming = all.filter((who) => who !== late && who !== waits);
  const { kinds } = await hall.news('registration');
  assert.deepEqual(kinds, { meeting_registered: 63, meeting_waiting: 1 });
});

step('the cook chooses by buttons, the farmer by keyboard, sixty-one others likewise', async () => {
  await goOn();
  const { kinds } = await hall.news('wishes');
  assert.deepEqual(kinds, { meeting_wishes: 63 });
  const other = (who, place) => all.find((one) => one.side !== who.side && one.place === place);
  // What was pressed is listed, and the page has taken its answer in: nobody types into a field that is being replaced.
  const listed = (page, count) => page.waitForFunction((wanted) => document.querySelectorAll('.ranks > li').length === wanted
    && !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling, .htmx-added'), count);
  const chosen = new Map();
  for (const [who, options] of [[cook, COMPUTER], [farmer, COMPUTER]]) {
    const page = await pageOf(who, options);
    await page.goto('/mon-espace');
    await page.click(`.tasks a[href^="${open}/souhaits/"]`);
    const { wanted } = wishes(who);
    for (const [rank, place] of wanted.entries()) {
      const { id, name } = other(who, place);
      await page.fill('#q', name);
      await Promise.all([page.waitForNavigation(), page.press('#q', 'Enter')]);
      if (who === cook) await page.click(`#choisir-${id}`);
      else await press(page, `#choisir-${id}`);
      await listed(page, rank + 1);
    }
    if (who === farmer) {
      const first = other(who, wanted[0]).id;
      await press(page, `#descendre-${first}`);
      await page.waitForFunction((id) => document.querySelector('.ranks > li:nth-child(2)').id === `souhait-${id}`, first);
      [wanted[0], wanted[1]] = [wanted[1], wanted[0]];
    }
    chosen.set(who.id, wanted.map((place) => other(who, place).id));
    const names = await page.locator('.ranks > li').evaluateAll((lines) => lines.map((line) => line.id.split('-')[1]));
    assert.deepEqual(names.map(Number), chosen.get(who.id));
    await page.waitForLoadState('networkidle');
    await page.goto(`${where(who, 'souhaits')}?tout=oui`);
    // One's own on a sheet, those one chooses from on others.
    const count = who === cook ? 4 : 3;
    assert.equal(await sheets(page, `souhaits-${who.side}`), count);
    note(`papier : souhaits de ${who.name}`, `${count} feuilles`);
    assert.deepEqual(page.wrong, []);
    await page.context().close();
  }
  await each(coming.filter((who) => who.guest), async (who) => {
    const { wanted, avoided } = wishes(who);
    for (const place of wanted) await who.guest.send(`${where(who, 'souhaits')}/${other(who, place).id}`, { geste: 'rencontrer' });
    if (avoided !== null) await who.guest.send(`${where(who, 'souhaits')}/${other(who, avoided).id}`, { geste: 'eviter' });
    chosen.set(who.id, wanted.map((place) => other(who, place).id));
  });
  const told = await hall.told('/wishes');
  for (const who of coming) {
    const kept = told.wishes.filter(({ from, rank }) => from === who.id && rank !== null).sort((one, two) => one.rank - two.rank);
    assert.deepEqual(kept.map(({ to }) => to), chosen.get(who.id), who.name);
  }
  assert.equal(told.wishes.filter(({ rank }) => rank === null).length, coming.filter((who) => wishes(who).avoided !== null && who !== cook && who !== farmer).length);
});

/** The grid: key, slot and table of each appointment. */
function grid() {
  return claire.locator('.meet').evaluateAll((meets) => meets.map((meet) => {
    const { slot, table } = meet.closest('td').dataset;
    const [canteen, supplier] = [...meet.querySelectorAll('span')].map((name) => name.textContent.trim());
    return { id: meet.dataset.id, slot: Number(slot), table: Number(table), canteen, supplier };
  }));
}

/** Has a timetable searched for, watches it, and takes it. */
async function search(what, mode) {
  await claire.goto(`${DESK}/planning/recherches`);
  if (mode) await claire.check(`input[name="mode"][value="${mode}"]`);
  await claire.selectOption('#secondes', '5');
  const since = Date.now();
  await send(claire, '#demander ~ form button');
  await claire.waitForURL(/recherches\/\d+/);
  const progress = await claire.textContent('#recherches strong');
  assert.match(progress, /commence|\d/, 'how far it is');
  await claire.locator('a.button[href$="/choix"]').waitFor({ timeout: 60_000 });
  note(`recherche : ${what}`, `${seconds(since)} s`);
  await claire.click('a.button[href$="/choix"]');
  await claire.click('main form button.button');
  await claire.waitForURL(/fait=choix/);
}

/** Says yes to the question that is asked. */
async function agree() {
  await claire.waitForURL(/changement\?geste=/);
  await claire.click('main form button.button');
  await claire.waitForURL(/fait=changement/);
}

/** Drags an appointment of the grid to another cell. */
async function drag(id, slot, table) {
  const cell = claire.locator(`td[data-slot="${slot}"][data-table="${table}"]`);
  await claire.locator(`.meet[data-id="${id}"]`).evaluate((meet) => meet.scrollIntoView({ block: 'center', inline: 'center' }));
  const from = await claire.locator(`.meet[data-id="${id}"]`).boundingBox();
  await claire.mouse.move(from.x + 10, from.y + 10);
  await claire.mouse.down();
  await claire.mouse.move(from.x + 30, from.y + 30, { steps: 4 });
  await cell.evaluate((one) => one.scrollIntoView({ block: 'center', inline: 'center' }));
  const to = await cell.boundingBox();
  await claire.mouse.move(to.x + to.width / 2, to.y + to.height / 2, { steps: 6 });
  await Promise.all([claire.waitForURL(/changement\?geste=/), claire.mouse.up()]);
}

step('a timetable is searched for, taken, and changed twice by hand', async () => {
  await goOn();
  await search('le planning');
  const planned = await inForce(hall, DESK);
  assert.deepEqual(broken(planned, coming, tables), []);
  for (const wrong of spoilt(planned)) assert.notDeepEqual(broken(wrong, coming, tables), [], 'a fault is seen');
  assert.equal((await hall.told('/timetable?part=solution')).meetings.length, planned.length);
  note('rendez-vous au planning', planned.length);
  assert.deepEqual(await grid().then((cells) => cells.length), planned.length);
  await look(claire, '140-grille');

  // The first that can go elsewhere is dragged there.
  let way = null;
  let moved;
  for (moved of await grid()) {
    const [shown] = await links(claire, `${DESK}/planning/rendez-vous/${moved.id}`, '.ways a');
    way = shown?.href.match(/creneau=(\d+)&table=(\d+)/);
    if (way) break;
  }
  assert.ok(way, 'an appointment can go elsewhere');
  await drag(moved.id, way[1], way[2]);
  await agree();
  const after = await inForce(hall, DESK);
  let { moved: count, lost, fresh } = change(planned, after);
  assert.deepEqual([count, lost, fresh], [1, 0, 0], 'one is elsewhere');

  // Two are exchanged that are all there at both hours.
  const free = (name) => { const who = coming.find((one) => one.name === name); return who.tables === 1 && ![1, 4, 6, 7].includes(who.place % 9); };
  let swap = null;
  for (const meet of (await grid()).filter(({ canteen, supplier, id }) => id !== moved.id && free(canteen) && free(supplier))) {
    const shown = await hall.claire.read(`${DESK}/planning/rendez-vous/${meet.id}`);
    const offered = [...(shown.match(/<select id="avec"[^]*?<\/select>/)?.[0] ?? '').matchAll(/value="(\d+)"/g)].map(([, id]) => id);
    const other = (await grid()).find(({ id, slot, canteen, supplier }) => offered.includes(id) && slot !== meet.slot && free(canteen) && free(supplier));
    if (other) { swap = [meet, other]; break; }
  }
  assert.ok(swap, 'two can be exchanged');
  await drag(swap[0].id, swap[1].slot, swap[1].table);
  await agree();
  assert.equal(await claire.locator('#conflits').count(), 0);
  const final = await inForce(hall, DESK);
  ({ moved: count, lost, fresh } = change(after, final));
  assert.deepEqual([count, lost, fresh], [2, 0, 0], 'two changed places');
  changed('deux changements à la main', planned, final);
  assert.deepEqual(broken(final, coming, tables), []);
  assert.deepEqual((await hall.news('planning')).people, [], 'nobody is told of what is in work');
});

/** Publishes by the page. */
async function publish(words) {
  await claire.goto(`${DESK}/publication`);
  await claire.fill('#mots', words);
  await claire.click('main form button.button');
  await claire.waitForURL(/fait=publication/);
}

step('it is published, and the farmer reads her day on her telephone', async () => {
  const planned = await inForce(hall, DESK);
  await publish('Le parking est derrière la salle.');
  const meetings = await sound('published');
  assert.deepEqual(change(planned, meetings).names.size, 0);
  const { people, kinds } = await hall.news('publication');
  assert.deepEqual(kinds, { meeting_day: 63 });
  assert.deepEqual(people.toSorted(), coming.map(({ to }) => to).toSorted());
  const page = await pageOf(farmer, TELEPHONE);
  await page.goto('/mon-espace');
  await page.goto(where(farmer, 'planning'));
  const lines = (await page.locator('.own-day li:not(.pause)').allTextContents()).map((line) => line.replaceAll(/\s+/g, ' ').trim());
  const expected = own(meetings, farmer);
  assert.equal(lines.length, expected.length);
  assert.ok(expected.length >= 3, 'she has what was promised');
  for (const [turn, { table, canteen }] of expected.entries()) assert.match(lines[turn], new RegExp(`Table ${table}(?!\\d).*${canteen}`));
  assert.equal(await overflow(page), null);
  await look(page, '141-mes-rendez-vous');
  assert.deepEqual(page.wrong, []);
  await page.context().close();
});

/** Prints every document; each is A4 and has the pages it should. */
async function papers(version, meetings) {
  const people = coming.reduce((sum, who) => sum + (who.tables === 2 ? 2 : 1), 0);
  const expected = { plannings: coming.length, tables, salle: 1, accueil: 4, badges: Math.ceil(people / 8), mur: null, cloche: 1 };
  let sum = 0;
  const counts = [];
  for (const [file, count] of Object.entries(expected)) {
    await claire.goto(`${DESK}/documents/${file}`);
    const printed = await sheets(claire, `${file}-${version}`);
    if (count === null) assert.ok(printed >= 4 && printed <= 6, `${file}: ${printed} sheets`);
    else assert.equal(printed, count, file);
    counts.push(`${file} ${printed}`);
    sum += printed;
  }
  await claire.goto(`${DESK}/documents/tout`);
  assert.equal(await sheets(claire, `tout-${version}`), sum, 'all at once are as many as each alone');
  const foot = (await claire.locator('footer').allTextContents()).filter((text) => text.includes(`version ${version} du`));
  assert.equal(foot.length, coming.length + 4, 'each says of which version it is');
  assert.equal(await claire.locator('.wall li').count(), meetings.length);
  note(`papier, version ${version}`, counts.join(', '));
}

step('everything is printed for sixty-three organisations', async () => {
  await papers(1, await inForce(hall, DESK));
  for (const [what, file, count] of [['qui a été invité', 'invitations', 2], ['souhaits de tous', 'souhaits', 5]]) {
    await claire.goto(`${DESK}/${file}`);
    assert.equal(await sheets(claire, file), count, file);
    note(`papier : ${what}`, `${count} feuilles`);
  }
});

step('the eve: two do not come, one comes after all, a table is missing, and all is printed again', async () => {
  const first = await inForce(hall, DESK);
  const busy = (side, meetings) => coming.filter((who) => who.side === side && who.tables === 1 && who !== cook && who !== farmer)
    .toSorted((one, other) => own(meetings, other).length - own(meetings, one).length)[0];
  const organiser = { name: 'Claire', to: 'claire@departement.example' };

  // A canteen withdraws by itself; the one that waits takes its place.
  const canteen = busy('canteen', first);
  await canteen.guest.send(`${where(canteen, 'inscription')}/retrait`, {});
  coming = [...coming.filter((who) => who !== canteen), waits];
  const second = await sound('a canteen withdrew');
  await toldOf('a canteen withdrew', first, second, { meeting_withdrawn: [canteen], meeting_moved_up: [waits], meeting_holes: [organiser] });
  changed('une cantine se désinscrit', first, second);

  // The organiser takes a supplier out.
  const supplier = busy('supplier', second);
  await claire.goto(`${DESK}/participants/${supplier.organisation}`);
  await claire.click('main a[href$="/retrait"]');
  await claire.click('main form button.button');
  coming = coming.filter((who) => who !== supplier);
  const third = await sound('a supplier withdrew');
  await toldOf('a supplier withdrew', second, third, { meeting_withdrawn: [supplier], meeting_holes: [organiser] });
  changed('un fournisseur se désinscrit', second, third);

  // A supplier telephones: the organiser registers it.
  await claire.goto(`${DESK}/participants`);
  await claire.fill('#ajout', late.name);
  await send(claire, '#ajouter ~ form button');
  await claire.click(`section[aria-labelledby="ajouter"] a:has-text("${late.name}")`);
  late.organisation = Number(claire.url().match(/participants\/(\d+)/)[1]);
  await claire.fill('#nom-1', 'Julie Sommet');
  await claire.fill('#maximum', '6');
  await claire.click('main form button[type="submit"]');
  await claire.waitForURL(/fait=inscription/);
  coming = [...coming, late];
  await toldOf('one came after all', third, third, { meeting_registered: [late] });
  for (const { name, id } of (await hall.told('/participants')).participants) all.find((who) => who.name === plain(name)).id = id;

  // Both who came last get appointments by hand.
  for (const who of [late, waits]) {
    let added = 0;
    for (const other of coming.filter(({ side }) => side !== who.side)) {
      const [kitchen, farm] = who.side === 'canteen' ? [who, other] : [other, who];
      await claire.goto(`${DESK}/planning/ajout?cantine=${kitchen.id}&fournisseur=${farm.id}`);
      if (!(await claire.locator('.ways a').count())) continue;
      await claire.locator('.ways a').first().click();
      await agree();
      added += 1;
      if (added === 3) break;
    }
    assert.equal(added, 3, who.name);
  }

  tables = 17;
  await claire.goto(DESK);
  await claire.fill('[name="combien"]', String(tables));
  await claire.click('#tables form p.actions button:first-child');
  await claire.waitForURL(/fait=tables/);
  await search('la veille, en changeant le moins possible', 'changements');
  assert.deepEqual((await hall.news('repaired')).people, [], 'nobody is told of what is in work');
  await publish('');
  const last = await sound('published again');
  await toldOf('published again', third, last);
  changed('la veille : un ajout, une table de moins', third, last);
  assert.ok(own(last, late).length >= 3 && own(last, waits).length >= 3);
  const number = Number((await claire.textContent('.letters li:has(strong) a')).match(/\d+/)[0]);
  await papers(number, last);
});

/** The desk notes that somebody is absent, and one of the ways to mend it is chosen. */
async function noShow(what, who, way) {
  const before = await inForce(hall, DESK);
  await claire.goto(`${DESK}/accueil`);
  // Who had arrived has left.
  for (const press of arrived.delete(who) ? ['retour', 'absent'] : ['absent']) {
    await claire.click(`#p${who.id} button[value="${press}"]`);
    await claire.waitForLoadState();
  }
  await claire.locator(`#p${who.id} .standing.missing`).waitFor();
  missing.push(who);
  const since = Date.now();
  await claire.click('.notice a[href$="/reparation"]');
  const ways = await claire.locator('.mending form button').count();
  assert.ok(ways >= 1 && ways <= 3, `${what}: ${ways} ways`);
  const took = seconds(since);
  const titles = (await claire.locator('.mending section:has(form) h2').allTextContents()).map(plain);
  const place = Math.max(0, titles.indexOf(way));
  await claire.locator('.mending form button').nth(place).click();
  await claire.waitForLoadState();
  // Where the day of many changes, it is asked once more.
  if (await claire.locator('input[name="sur"]').count()) await claire.click('button:has-text("et publier")');
  await claire.waitForURL(/fait=reparation/);
  const now = minutes(hall.clock().hour);
  const hasBegun = ({ slot }) => minutes(at(slot)) <= now;
  const after = await sound(what, hasBegun);
  const past = (meetings) => meetings.filter(hasBegun).filter(({ slot }) => minutes(at(slot)) < now - 2);
  assert.deepEqual(past(after), past(before), `${what}: what has begun stays`);
  await toldOf(what, before, after);
  changed(`${what} (${ways} solutions en ${took} s)`, before, after);
  note('', `choisie : ${titles[place]}`);
  return [before, after];
}

const minutes = (hour) => hour.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);

step('the day: people arrive, three do not come, and telephones show what changes', async () => {
  await goOn();
  const planned = await inForce(hall, DESK);
  const often = (side, meetings) => coming.filter((who) => who.side === side && who.tables === 1 && who !== cook && who !== farmer && !missing.includes(who))
    .toSorted((one, other) => own(meetings, other).length - own(meetings, one).length);
  const one = often('supplier', planned).find((who) => own(planned, cook).some((meeting) => has(meeting, who)));
  const two = often('canteen', planned)[0];
  const door = await hall.visitor({ storageState: await claire.context().storageState(), ...TELEPHONE });
  await door.goto(`${DESK}/accueil`);
  const arrivals = coming.filter((who) => who !== one && who !== two);
  for (const who of arrivals) arrived.add(who);
  for (const who of arrivals.slice(0, 8)) {
    await door.tap(`#p${who.id} button[value="arrive"]`);
    await door.waitForURL(new RegExp(`dit=${who.id}#p${who.id}$`));
  }
  await each(arrivals.slice(8), (who) => hall.claire.send(`${DESK}/accueil`, { participant: String(who.id), geste: 'arrive' }));
  await door.goto(`${DESK}/accueil`);
  assert.match((await door.textContent('#comptes')).replaceAll(/\s+/g, ' '), /61 arrivés sur 63/);
  await look(door, '142-accueil');
  assert.deepEqual(door.wrong, []);
  await door.context().close();

  const kitchen = await pageOf(cook, TELEPHONE);
  await kitchen.goto(where(cook, 'jour'));
  const shown = async () => (await kitchen.locator('.own-day > li:not(:has(.soft))').allTextContents()).map((line) => line.replaceAll(/\s+/g, ' '));
  assert.equal((await shown()).length, own(planned, cook).length);
  const [before, after] = await noShow('absent avant le début', one, 'Ne déplacer personne');
  await kitchen.locator('#change:not([hidden])').waitFor();
  await kitchen.locator('.dropped, mark').first().waitFor();
  const expected = own(after, cook);
  assert.notDeepEqual(own(before, cook), expected);
  const lines = await shown();
  assert.equal(lines.length, expected.length);
  for (const [turn, { table, supplier }] of expected.entries()) assert.ok(lines[turn].includes(`Table ${table}, `) && lines[turn].includes(supplier), `${lines[turn]}, not ${supplier}`);
  await look(kitchen, '143-ma-journee-changee');
  assert.deepEqual(kitchen.wrong, []);
  await kitchen.context().close();

  await claire.goto('about:blank');
  await hall.wait(1);
  await noShow('absente en cours de matinée', two, 'Déplacer le moins possible');
  await claire.goto('about:blank');
  await hall.wait(2);
  // Who was there in the morning, and does not come back after lunch.
  const afternoon = (await inForce(hall, DESK)).filter(({ slot }) => slot > 7);
  const three = often('supplier', afternoon)[0];
  await noShow('absent l’après-midi', three, 'Tout replanifier pour la suite');
  await claire.goto('about:blank');
  await hall.wait(3);
});

step('it ends, appointments are noted, and the report counts them', async () => {
  await goOn();
  const meetings = await inForce(hall, DESK);
  const noted = new Set();
  const key = ({ canteen, supplier }) => `${canteen} | ${supplier}`;
  const page = await pageOf(farmer, TELEPHONE);
  await page.goto(open);
  await page.tap('main a[href$="/suites"]');
  await page.waitForURL(/suites\/\d+/);
  const mine = own(meetings, farmer);
  const cards = page.locator('.encounters > li');
  assert.equal(await cards.count(), mine.length);
  const outcomes = ['commande', 'devis', 'contact', 'rien'];
  for (const [turn, meeting] of mine.entries()) {
    await cards.nth(turn).locator(`[value="${outcomes[turn % 4]}"]`).tap();
    await page.locator('#avancement', { hasText: `${turn + 1} sur ${mine.length}` }).waitFor();
    noted.add(key(meeting));
  }
  await page.check('[name="satisfaction"][value="4"]');
  await page.tap('#avis form button');
  await page.waitForURL(/fait=avis/);
  await look(page, '144-suites');
  assert.deepEqual(page.wrong, []);
  await page.context().close();

  let reviews = 1;
  await each(coming.filter((who) => who.guest && who.place % 3 === 0 && !missing.includes(who)), async (who) => {
    const notes = await who.guest.read(where(who, 'suites'));
    for (const [, action] of notes.matchAll(/<form method="post" action="([^"]*\/rendez-vous\/\d+)"/g)) await who.guest.send(action, { suite: 'contact', note: '', vu: '' });
    for (const meeting of own(meetings, who)) noted.add(key(meeting));
    await who.guest.send(`${where(who, 'suites')}/avis`, { satisfaction: '5' });
    reviews += 1;
  });
  await claire.goto(`${DESK}/bilan`);
  await look(claire, '145-bilan');
  const rows = await claire.locator('#resume tbody tr').evaluateAll((lines) => lines.map((line) => [line.querySelector('th').textContent.trim(), line.querySelector('td').textContent.replaceAll(/\s+/g, ' ').trim()]));
  const summary = Object.fromEntries(rows);
  const lost = meetings.filter((meeting) => !noted.has(key(meeting)) && missing.some((who) => has(meeting, who))).length;
  const number = (label) => Number(summary[label].match(/^\d+/)[0]);
  assert.equal(number('Rendez-vous au planning'), meetings.length);
  assert.equal(number('Rendez-vous tenus'), noted.size);
  assert.equal(number('Rendez-vous manqués'), lost);
  assert.equal(number('Inscrits notés absents à l’accueil'), 3);
  assert.match(summary['Avis donnés'], new RegExp(`^${reviews} sur 63$`));
  note('bilan', `${meetings.length} au planning, ${noted.size} tenus, ${lost} manqués, ${reviews} avis`);
  const pages = await sheets(claire, 'bilan');
  assert.equal(pages, 4);
  note('papier : bilan', `${pages} feuilles`);
  await claire.goto(`${DESK}/attestations`);
  const people = coming.filter((who) => !missing.includes(who)).reduce((sum, who) => sum + (who.tables === 2 ? 2 : 1), 0);
  assert.equal(await sheets(claire, 'attestations'), people);
  note('papier : attestations', `${people} feuilles`);
  assert.deepEqual((await hall.news('after')).people, [], 'questions leave the day after');
  for (const [kind, count, most] of hall.figures()) note(`courriels ${kind}`, `${count}, au plus ${most} par personne`);
  assert.deepEqual(claire.wrong, []);
});
