// The place of the keyboard when the results change, enlarged text, and pins that no control of a map covers.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { faults, journey, open, overflow } from './site.mjs';

const SIZES = { telephone: { width: 360, height: 740 }, desk: { width: 1280, height: 900 } };
// Of what the maps show, in degrees: some of these fill a map from top to bottom, some from side to side.
const HEIGHTS = [0.3, 0.5, 0.7, 0.85, 1];
const FILTERED = '/annuaire?near=43157&certification=organic&family=PRODUITS_LAITIERS&month=6';

let site;
before(async () => { site = await open(); });
after(() => site?.close());

for (const [size, viewport] of Object.entries(SIZES)) {
  test(`who removes filters one by one stays among them, then on the count, ${size}`, async () => {
    await journey(`chips ${size}`, await site.visitor({ viewport }), async (page) => {
      await page.goto(FILTERED);
      const labels = await chips(page);
      assert.equal(labels.length, 4);
      const [first, second, third, fourth] = labels;
      const top = await scrolled(page, '.chips');
      await press(page, chip(page, second), third);
      await press(page, chip(page, third), fourth);
      await press(page, chip(page, fourth), first);
      assert.equal(await page.evaluate(() => scrollY), top, 'the page moved');
      assert.deepEqual(await faults(page), []);
      await press(page, chip(page, first), '150 fournisseurs');
      assert.match(page.url(), /\/annuaire$/);
      assert.deepEqual(await faults(page), []);

      await page.goBack();
      await chip(page, first).waitFor();
      assert.deepEqual(await chips(page), [first]);
      await page.goto(FILTERED);
      await press(page, page.locator('.chips .clear'), '150 fournisseurs');
      assert.deepEqual(page.wrong, []);
    });
  });

  test(`the list and the map take turns under the same key, ${size}`, async () => {
    await journey(`switch ${size}`, await site.visitor({ viewport }), async (page) => {
      await page.goto('/annuaire?q=lentilles&near=43157&radius_km=30');
      const top = await scrolled(page, '.switch');
      await press(page, page.locator('.switch a', { hasText: 'Carte' }), 'Carte');
      assert.match(page.url(), /view=map/);
      await page.locator('.cluster').first().waitFor();
      assert.equal(await page.evaluate(() => scrollY), top, 'the page moved');
      assert.match(await focused(page), /Carte/, 'the map took the focus');
      assert.deepEqual(await faults(page), []);
      await press(page, page.locator('.switch a', { hasText: 'Liste' }), 'Liste');
      assert.doesNotMatch(page.url(), /view=map/);
      assert.equal(await page.evaluate(() => scrollY), top, 'the page moved');
      await page.goBack();
      await page.waitForURL(/view=map/);
      await page.locator('.cluster').first().waitFor();
      assert.deepEqual(page.wrong, []);
    });
  });

  test(`the next page begins at its top, ${size}`, async () => {
    await journey(`next page ${size}`, await site.visitor({ viewport }), async (page) => {
      await page.goto('/annuaire');
      await press(page, page.locator('[rel=next]'), 'de 21 à 40');
      const { top } = await page.evaluate(() => document.activeElement.getBoundingClientRect().toJSON());
      assert.ok(top >= 0 && top < 60, `the count is ${top} pixels down`);
      assert.deepEqual(await faults(page), []);
      await page.keyboard.press('Tab');
      assert.equal(await page.evaluate(() => document.activeElement.id), 'sort');
      await page.goBack();
      await page.locator('.count-line', { hasText: 'de 1 à 20' }).waitFor();
      assert.deepEqual(page.wrong, []);
    });
  });

  test(`a ticked box keeps the focus and its panel open, ${size}`, async () => {
    await journey(`ticked ${size}`, await site.visitor({ viewport }), async (page) => {
      for (const view of ['', '&view=map']) {
        await page.goto(`/annuaire?near=43157${view}`);
        const summary = page.locator('#facets summary');
        if (await summary.isVisible()) await summary.click();
        await page.focus('#certification-organic');
        const top = await page.evaluate(() => scrollY);
        for (const organic of [true, false]) {
          const answered = page.waitForResponse((answer) => answer.url().includes('certification=organic') === organic && answer.url().includes('near'));
          await page.keyboard.press('Space');
          await answered;
          await page.waitForFunction((on) => location.search.includes('organic') === on && !document.querySelector('.htmx-request'), organic);
          await page.waitForFunction(() => document.activeElement.id === 'certification-organic');
          assert.equal(await page.isChecked('#certification-organic'), organic);
          assert.equal(await page.evaluate(() => scrollY), top, 'the page moved');
        }
      }
      assert.deepEqual(page.wrong, []);
    });
  });
}

test('a pointer draws no ring', async () => {
  await journey('pointer', await site.visitor({ viewport: SIZES.desk }), async (page) => {
    await page.goto(FILTERED);
    const [first, second] = await chips(page);
    await chip(page, first).click();
    await page.waitForFunction((text) => document.activeElement.textContent.includes(text), second);
    assert.equal(await page.evaluate(() => document.activeElement.matches(':focus-visible')), false);
  });
});

for (const [name, viewport, text] of [['at twice its size', SIZES.telephone, '200%'], ['in 320 pixels', { width: 320, height: 640 }, '100%']]) {
  test(`text ${name} stays inside every page`, async () => {
    await journey(`text ${name}`, await site.visitor({ viewport }), async (page) => {
      for (const address of await everyPage(page)) {
        await page.goto(address, { waitUntil: address.includes('view=map') ? 'networkidle' : 'load' });
        await page.evaluate((size) => {
          document.documentElement.style.fontSize = size;
          document.querySelectorAll('details').forEach((one) => { one.open = true; });
        }, text);
        assert.equal(await overflow(page), null, address);
      }
    });
  });
}

for (const [size, viewport] of Object.entries(SIZES)) {
  test(`no pin of the results begins under a control, ${size}`, async () => {
    await journey(`pins ${size}`, await site.visitor({ viewport }), async (page) => {
      await page.goto('/annuaire?view=map', { waitUntil: 'networkidle' });
      assert.deepEqual(await covered(page), []);
      for (const degrees of HEIGHTS) {
        await page.route('**/annuaire.geojson*', (route) => route.fulfill({ json: corners(degrees) }));
        await page.goto('/annuaire?near=43157&view=map', { waitUntil: 'networkidle' });
        assert.deepEqual(await covered(page), [], `${degrees} degrees high`);
      }
      assert.deepEqual(page.wrong, []);
    });
  });

  test(`no pin of a delivery begins under a control, ${size}`, async () => {
    await journey(`delivery ${size}`, await site.visitor({ viewport }), async (page) => {
      const [supplier] = await suppliers(page);
      for (const degrees of HEIGHTS) {
        await page.route('**/livraison.geojson', (route) => route.fulfill({ json: corners(degrees) }));
        await page.goto(supplier);
        await page.click('details.map-fold summary');
        await page.waitForLoadState('networkidle');
        assert.deepEqual(await covered(page), [], `${degrees} degrees high`);
      }
      assert.deepEqual(await faults(page), []);
      assert.deepEqual(page.wrong, []);
    });
  });
}

/** Enter on `link`; what has the focus on the page that follows contains `text`, and is seen to have it. */
async function press(page, link, text) {
  await link.focus();
  await page.evaluate(() => { window.left = true; });
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => !window.left && document.readyState === 'complete' && document.activeElement !== document.body);
  assert.ok((await focused(page)).includes(text), `${text} was to have the focus, not ${await focused(page)}`);
  const seen = await page.evaluate(() => {
    const { top, bottom } = document.activeElement.getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight && document.activeElement.matches(':focus-visible');
  });
  assert.ok(seen, `${text} has the focus unseen`);
}

const focused = (page) => page.evaluate(() => document.activeElement.textContent);

const chip = (page, label) => page.locator('.chip.on', { hasText: label });

function chips(page) {
  return page.$$eval('.chip.on', (all) => all.map((one) => one.lastChild.previousSibling.textContent.trim()));
}

/** Scrolls a little, with `what` still in sight, and says how far. */
function scrolled(page, what) {
  return page.evaluate((selector) => {
    const { top } = document.querySelector(selector).getBoundingClientRect();
    scrollTo(0, Math.round(top / 2));
    return scrollY;
  }, what);
}

async function suppliers(page) {
  await page.goto('/annuaire?q=lentilles&near=43157&radius_km=30');
  return page.$$eval('.supplier h2 a', (links) => links.map((link) => link.getAttribute('href')));
}

/** One address of each kind of page. */
async function everyPage(page) {
  const found = await suppliers(page);
  const [supplier] = found[0].split('?');
  return [
    '/', '/annuaire', '/annuaire?page=2', FILTERED, `${FILTERED}&view=map`, '/annuaire?view=map', '/annuaire?view=print',
    '/annuaire?q=lentilles&near=43157&radius_km=10&certification=sustainable_fishing', '/annuaire?q=lentilles&near_text=Xyzzyville',
    '/visites', '/visites/du-lait-a-la-tomme-a-la-fromagerie',
    ...found.slice(0, 3), supplier, `${supplier}/signalement`, `${supplier}/signalement/recu`, '/annuaire/personne',
    '/recherche/integree?q=lentilles&near=43157', '/recherche/integration', '/api', '/charte',
    '/mentions-legales', '/accessibilite', '/donnees-personnelles', '/donnees-ouvertes',
  ];
}

/** Pins in the corners of a rectangle, which reach the edges of a map. */
function corners(degrees) {
  const [west, east, north] = [3.2, 4.1, 45.4];
  const all = [[west, north], [(west + east) / 2, north], [east, north], [east, north - degrees], [west, north - degrees]];
  const properties = { kind: 'supplier', url: '/annuaire/x', commune: 'x' };
  return {
    type: 'FeatureCollection',
    features: all.map((coordinates, at) => ({ type: 'Feature', geometry: { type: 'Point', coordinates }, properties: { ...properties, name: `n° ${at}` } })),
  };
}

/** Pins that the zoom buttons or the button "Chercher dans cette zone" lie over. */
async function covered(page) {
  await page.locator('.map :is(.pin, .cluster)').first().waitFor();
  return page.evaluate(() => {
    const here = document.querySelector('.map-here');
    if (here) here.hidden = false;
    const places = (selector) => [...document.querySelectorAll(`.map ${selector}`)].map((one) => one.getBoundingClientRect());
    const controls = places(':is(.leaflet-control-zoom, .map-here .button)');
    if (!controls.length) return ['no control was found'];
    return places(':is(.pin:not(.kitchen), .cluster)')
      .filter((pin) => controls.some((one) => pin.left < one.right && pin.right > one.left && pin.top < one.bottom && pin.bottom > one.top))
      .map(({ left, top }) => `${left}, ${top}`);
  });
}
