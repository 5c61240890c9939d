// The program on its demonstration data, and a browser that notices what people would not: errors, refusals of the policy, weight.

import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';

const root = path.join(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '../..');
const target = path.resolve(root, process.env.CARGO_TARGET_DIR ?? 'target');
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** A demonstration site and a browser; `close` ends both and leaves nothing. */
export async function open() {
  const folder = mkdtempSync(path.join(tmpdir(), 'manger-browser-'));
  const program = path.join(target, 'debug/manger-local');
  const listen = ['--listen', '127.0.0.1:0', '--requests-per-minute', '1000000'];
  const server = spawn(program, ['serve', '--demo', ...listen], { env: { TMPDIR: folder }, stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = new Promise((done) => { server.once('exit', (code, signal) => done(`code ${code}, signal ${signal}`)); });
  const [base, browser] = await start(server).catch(async (error) => {
    server.kill('SIGTERM');
    if (server.pid) await ended;
    rmSync(folder, { recursive: true, force: true });
    throw error;
  });
  return {
    base,
    /** Where the program keeps its throw-away data. */
    folder,
    /** A page of a new visitor. What goes wrong in it is gathered in `page.wrong`. */
    visitor: (options = {}) => visitor(browser, { baseURL: base, locale: 'fr-FR', reducedMotion: 'reduce', ...options }),
    close: async () => {
      await browser.close();
      server.kill('SIGTERM');
      const how = await ended;
      rmSync(folder, { recursive: true, force: true });
      if (how !== 'code 0, signal null') throw new Error(`the program ended with ${how}: ${server.said.slice(-2000)}`);
    },
  };
}

async function start(server) {
  const base = await address(server);
  await directoryIsRead(base);
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
  return [base, browser];
}

/** Where a program that was started answers. */
export function address(server) {
  return new Promise((found, refuse) => {
    server.said = '';
    server.once('error', refuse);
    server.once('exit', (code) => refuse(new Error(`the program ended with ${code}: ${server.said}`)));
    server.stderr.on('data', (text) => {
      server.said += text;
      const line = server.said.match(/answers on (http:\S+)\n/);
      if (line) found(line[1]);
    });
  });
}

async function directoryIsRead(base) {
  for (let tries = 0; tries < 200; tries += 1) {
    const answer = await fetch(`${base}/api/v1/suppliers?per_page=1`);
    if (answer.ok && (await answer.json()).total > 0) return;
    await new Promise((later) => { setTimeout(later, 100); });
  }
  throw new Error('the directory was not read within 20 seconds');
}

/** A page of a new visitor of a browser. */
export async function visitor(browser, options) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  page.wrong = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) page.wrong.push(`console: ${message.text()} ${message.location().url}`);
  });
  page.on('pageerror', (error) => page.wrong.push(`script: ${error.message}`));
  page.on('requestfailed', (request) => {
    // The browser gives up what a page left behind had asked for.
    const why = request.failure()?.errorText;
    if (why !== 'net::ERR_ABORTED') page.wrong.push(`request: ${request.url()} ${why}`);
  });
  if (options.javaScriptEnabled !== false) {
    await page.exposeFunction('refusedByPolicy', (what) => page.wrong.push(`policy: ${what}`));
    await page.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => {
        window.refusedByPolicy(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`);
      });
    });
  }
  return page;
}

/** Runs `journey`; if it fails, its page is kept as a picture under the target folder. */
export async function journey(name, page, run) {
  try {
    await run(page);
  } catch (error) {
    const folder = path.join(target, 'browser');
    mkdirSync(folder, { recursive: true });
    const file = path.join(folder, `${name.replaceAll(/[^a-z0-9]+/gi, '-')}.png`);
    await page.screenshot({ path: file, fullPage: true }).catch(() => {});
    error.message += `\n(at ${page.url()}, seen in ${file})`;
    throw error;
  } finally {
    await page.context().close();
  }
}

/** What axe finds, one line a fault. */
export async function faults(page) {
  if (!(await page.evaluate('typeof axe === "object"'))) await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary.replaceAll(/\s+/g, ' ').slice(0, 200)}`));
}

/** How many pixels the page is wider than its window, and what sticks out. */
export function overflow(page) {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return null;
    const out = [...document.body.querySelectorAll('*')].filter((one) => one.getBoundingClientRect().right > clientWidth + 1);
    return `${scrollWidth - clientWidth} px: ${out.slice(0, 4).map((one) => one.outerHTML.slice(0, 80)).join(' | ')}`;
  });
}

/** What Tab does not reach, and what it reaches without showing it. */
export async function unreachable(page) {
  const count = await page.evaluate(() => {
    const all = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')];
    // Arrows go from one choice of a group to the next: Tab has to reach one of them.
    const follows = (one) => one.type === 'radio' && document.querySelector(`[type=radio][name="${one.name}"]`) !== one;
    const wanted = all.filter((one) => !follows(one) && one.tabIndex >= 0 && !one.disabled && one.type !== 'hidden' && one.checkVisibility());
    wanted.forEach((one) => { one.dataset.wanted = ''; });
    document.activeElement?.blur();
    return wanted.length;
  });
  const unseen = [];
  for (let presses = 0; presses < count + 3; presses += 1) {
    await page.keyboard.press('Tab');
    const fault = await page.evaluate(() => {
      const one = document.activeElement;
      if (!one || one === document.body) return null;
      delete one.dataset.wanted;
      const marked = (element) => {
        const style = getComputedStyle(element);
        return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none';
      };
      const place = one.getBoundingClientRect();
      const seen = place.width > 1 && place.height > 1 && place.bottom > 0 && place.top < innerHeight;
      return seen && (marked(one) || marked(one.closest('.with-icon, label') ?? one)) ? null : `not seen: ${one.outerHTML.slice(0, 120)}`;
    });
    if (fault) unseen.push(fault);
  }
  const left = await page.evaluate(() => [...document.querySelectorAll('[data-wanted]')].map((one) => `not reached: ${one.outerHTML.slice(0, 120)}`));
  return [...new Set([...left, ...unseen])];
}

/** Bytes received for a first visit: what is read and run, and fonts with pictures. */
export async function weight(page, address) {
  const requests = [];
  page.on('requestfinished', (request) => requests.push(request));
  await page.goto(address, { waitUntil: 'networkidle' });
  const sum = { text: 0, pictures: 0, largest: [] };
  for (const request of requests) {
    const { responseBodySize: size } = await request.sizes();
    sum[['font', 'image'].includes(request.resourceType()) ? 'pictures' : 'text'] += size;
    sum.largest.push(`${size} ${new URL(request.url()).pathname}`);
  }
  sum.largest.sort((a, b) => parseInt(b, 10) - parseInt(a, 10)).splice(8);
  return sum;
}
