// What hands do on a keyboard, and what eyes check on each page.

import assert from 'node:assert/strict';
import { faults } from './site.mjs';

const SHOTS = process.env.SHOTS;

/** Leaves a page that is right on a telephone and on a desk: nothing that axe finds, nothing beside the screen. */
export async function look(page, name) {
  const before = page.viewportSize();
  for (const width of [1280, 360]) {
    await page.setViewportSize({ width, height: 740 });
    assert.deepEqual(await faults(page), [], `${name} at ${width}`);
    const [across, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    assert.ok(across <= screen, `${name}: ${across} pixels across a screen of ${screen}`);
    if (SHOTS) await page.screenshot({ path: `${SHOTS}/${name}-${width}.png`, fullPage: true });
  }
  await page.setViewportSize(before);
}

/** Goes by Tab to what the selector names. */
export async function tabTo(page, selector) {
  for (let presses = 0; presses < 150; presses += 1) {
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return;
    await page.keyboard.press('Tab');
  }
  assert.fail(`${selector} is not reached by Tab on ${page.url()}`);
}

export async function fill(page, selector, text) {
  await tabTo(page, selector);
  await page.keyboard.press('Control+A');
  await page.keyboard.type(text);
}

export async function press(page, selector, key = 'Enter') {
  await tabTo(page, selector);
  await page.keyboard.press(key);
}

/** Presses a button that leads to another page. */
export async function send(page, selector) {
  await Promise.all([page.waitForNavigation(), press(page, selector)]);
}

/** The code of the newest mail, from the mailbox of the demonstration. */
export async function codeOf(page) {
  const box = await page.context().newPage();
  await box.goto('/demo/courrier');
  const first = box.locator('main a[href^="/demo/courrier/"]').filter({ hasText: /code|connex/i }).first();
  await first.click();
  const code = (await box.locator('main').innerText()).match(/\b(\d{3})\s?(\d{3})\b/);
  await box.close();
  return code[1] + code[2];
}

/** Comes in by the code of a mail. */
export async function signIn(page, address) {
  await page.goto('/connexion');
  await page.fill('#courriel', address);
  await page.click('main form button');
  await page.fill('#code', await codeOf(page));
  await page.click('main form button');
  await page.waitForURL(/mon-espace/);
}

/** The first organiser accepts the invitation that lies in the mailbox of the demonstration. */
export async function comeIn(page) {
  await page.goto('/demo/courrier');
  await page.click('text=Votre invitation');
  const href = await page.frameLocator('iframe.letter').locator('a.button').getAttribute('href');
  await page.goto(new URL(href).pathname);
  await page.click('main form button');
  await page.waitForURL(/mon-espace/);
}
