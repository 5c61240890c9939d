// Every kind of page, on a telephone and a desk, by day and by night: sound for axe, for the policy, for the keyboard.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { faults, journey, open, overflow, unreachable, weight } from './site.mjs';

const SIZES = { telephone: { width: 360, height: 740 }, desk: { width: 1280, height: 900 } };
const PAGES = {
  home: '/',
  results: '/annuaire?q=lentilles&near=43157&radius_km=30',
  'results filtered': '/annuaire?near=43157&certification=organic&family=PRODUITS_LAITIERS&month=6',
  'nobody found': '/annuaire?q=lentilles&near=43157&radius_km=10&certification=sustainable_fishing',
  'unknown commune': '/annuaire?q=lentilles&near_text=Xyzzyville',
  visits: '/visites',
  'visits in a month': '/visites?vue=mois&places=libres',
  'visits on a map': '/visites?vue=carte',
  visit: '/visites/du-lait-a-la-tomme-a-la-fromagerie',
  'not found': '/annuaire/personne',
};
const MAP = '/annuaire?q=lentilles&near=43157&radius_km=30&view=map';

let site;
before(async () => { site = await open(); });
after(() => site?.close());

for (const [size, viewport] of Object.entries(SIZES)) {
  for (const colorScheme of ['light', 'dark']) {
    test(`every page is sound, ${size}, ${colorScheme}`, async () => {
      await journey(`sound ${size} ${colorScheme}`, await site.visitor({ viewport, colorScheme }), async (page) => {
        const { supplier, ...texts } = await linkedPages(page);
        assert.ok(Object.keys(texts).length >= 3, Object.keys(texts).join());
        // Texts are all made alike: two of the four looks show what they can.
        const all = (size === 'desk') === (colorScheme === 'dark');
        const pages = { ...PAGES, supplier, ...(all ? texts : {}), map: MAP };
        for (const [name, address] of Object.entries(pages)) {
          await page.goto(address, { waitUntil: name.endsWith('map') ? 'networkidle' : 'load' });
          assert.deepEqual(await faults(page), [], `axe on ${name} ${address}`);
          assert.equal(await overflow(page), null, `${name} ${address} is too wide`);
          assert.deepEqual(expected(name, page.wrong.splice(0)), [], `${name} ${address}`);
        }
      });
    });
  }
}

test('nothing sticks out of a window of 320 pixels', async () => {
  await journey('narrow', await site.visitor({ viewport: { width: 320, height: 640 } }), async (page) => {
    const pages = { ...PAGES, ...(await linkedPages(page)), map: MAP };
    for (const [name, address] of Object.entries(pages)) {
      await page.goto(address);
      assert.equal(await overflow(page), null, `${name} ${address}`);
    }
  });
});

for (const [size, viewport] of Object.entries(SIZES)) {
  test(`Tab reaches everything and shows where it is, ${size}`, async () => {
    await journey(`keyboard ${size}`, await site.visitor({ viewport }), async (page) => {
      const { supplier, ...others } = await linkedPages(page);
      const form = Object.entries(others).find(([name]) => name.includes('ignaler'));
      for (const address of [PAGES.home, `${PAGES.results}&per_page=5`, PAGES['nobody found'], ...(size === 'desk' ? [MAP] : []), supplier, ...(form ? [form[1]] : [])]) {
        await page.goto(address, { waitUntil: address === MAP ? 'networkidle' : 'load' });
        assert.deepEqual(await unreachable(page), [], address);
      }
    });
  });
}

test('a first visit weighs little', async () => {
  for (const address of [PAGES.home, PAGES.results]) {
    await journey('weight', await site.visitor({ viewport: SIZES.telephone }), async (page) => {
      const { text, pictures, largest } = await weight(page, address);
      assert.ok(text > 5_000 && pictures > 5_000, `nothing was weighed: ${text} ${pictures}`);
      assert.ok(text <= 80_000, `${address}: ${text} bytes of text\n${largest.join('\n')}`);
      assert.ok(pictures <= 60_000, `${address}: ${pictures} bytes of fonts and pictures\n${largest.join('\n')}`);
    });
  }
});

test('the checks see a page that is wrong', async () => {
  await journey('control', await site.visitor({ viewport: SIZES.desk }), async (page) => {
    await page.goto('/');
    await page.evaluate(() => {
      document.querySelector('main').insertAdjacentHTML('beforeend', `<input id="mute"><p id="wide">wide</p><a id="far" href="/" tabindex="0">x</a>
        <button id="dark">y</button>`);
      const style = (id) => document.getElementById(id).style;
      Object.assign(style('wide'), { width: '3000px', maxWidth: 'none' });
      Object.assign(style('far'), { outline: 'none', boxShadow: 'none' });
      document.getElementById('dark').addEventListener('focus', ({ target }) => target.blur());
      const script = document.createElement('script');
      script.textContent = 'window.ran = true';
      document.body.append(script);
      console.error('an error');
    });
    assert.ok((await faults(page)).some((fault) => fault.startsWith('label: #mute')), 'axe');
    assert.match(await overflow(page), /id="wide"/);
    const lost = await unreachable(page);
    assert.ok(lost.some((fault) => fault.startsWith('not seen') && fault.includes('id="far"')), lost.join('\n'));
    assert.ok(lost.some((fault) => fault.startsWith('not reached') && fault.includes('id="dark"')), lost.join('\n'));
    assert.equal(await page.evaluate('window.ran'), undefined);
    assert.ok(page.wrong.some((fault) => fault.startsWith('policy: script-src')), page.wrong.join('\n'));
    assert.ok(page.wrong.some((fault) => fault.startsWith('console: an error')), page.wrong.join('\n'));
  });
});

/** A supplier's page, what it links to on this site, and the pages of the footer. */
async function linkedPages(page) {
  await page.goto(PAGES.results);
  const supplier = await page.getAttribute('.supplier h2 a', 'href');
  const footer = await links(page, '.site-foot a');
  await page.goto(supplier);
  const more = (await links(page, 'main a')).filter(([, href]) => href.endsWith('/signalement'));
  const found = Object.fromEntries([...footer, ...more].filter(([, href]) => href.startsWith('/') && !PAGES_AT.has(href)));
  for (const [name, href] of Object.entries(found)) {
    // What a later version will answer is not a page yet.
    if (!(await page.request.get(href)).headers()['content-type']?.startsWith('text/html')) delete found[name];
  }
  return { supplier, ...found };
}

const PAGES_AT = new Set([...Object.values(PAGES), '/annuaire']);

function links(page, where) {
  return page.$$eval(where, (all) => all.map((link) => [link.textContent.trim(), link.getAttribute('href')]));
}

/** The browser itself says in its console that a page was not found. */
function expected(name, wrong) {
  return name === 'not found' ? wrong.filter((fault) => !/status of 404 .*\/annuaire\/personne$/.test(fault)) : wrong;
}
