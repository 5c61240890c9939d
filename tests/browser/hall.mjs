// A site of its own for a meeting that is played: its clock goes on by the hour, its mails are read, and whoever needs no
// screen asks it over HTTP.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { address, visitor } from './site.mjs';

const root = path.join(path.dirname(new URL(import.meta.url).pathname), '../..');
const program = path.join(path.resolve(root, process.env.CARGO_TARGET_DIR ?? 'target'), 'debug/manger-local');
/** Zones go from 12 hours behind Greenwich to 14 before it; a day that is played takes so many hours. */
const [WEST, EAST, LASTS] = [-12, 14, 7];
const MORNING = 8;

/** The zone in which it is now early enough in the morning for the whole day to be played. */
function zoneOfMorning(now) {
  const far = (offset) => Math.abs((now.getUTCHours() + offset + 48) % 24 - MORNING);
  const offsets = Array.from({ length: EAST - WEST - LASTS + 1 }, (_, at) => at + WEST);
  return offsets.sort((one, other) => far(one) - far(other))[0];
}

/** What a page writes between tags or quotes, as one reads it. */
export function plain(text) {
  const marks = { amp: '&', lt: '<', gt: '>', quot: '"' };
  const written = text.replaceAll(/<[^>]*>/g, '').replaceAll(/&#(x?)([\da-f]+);/gi, (_, hex, code) => String.fromCodePoint(parseInt(code, hex ? 16 : 10)));
  return written.replaceAll(/&(amp|lt|gt|quot);/g, (_, name) => marks[name]).replaceAll(/[\s\u{a0}\u{202f}]+/gu, ' ').trim();
}

/** Somebody who asks over HTTP, with the cookies of a browser. */
export class Guest {
  #base;
  #jar = new Map();

  constructor(base) { this.#base = base; }

  /** Brings the cookies of a browser, or takes none. */
  async as(context) {
    for (const { name, value } of await context.cookies()) this.#jar.set(name, value);
    return this;
  }

  async ask(where, options = {}) {
    const cookie = [...this.#jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(this.#base() + where, { redirect: 'manual', ...options, headers: { ...options.headers, cookie } });
    for (const kept of answer.headers.getSetCookie()) {
      const [name, value] = kept.split(';')[0].split('=');
      if (/Max-Age=0/.test(kept)) this.#jar.delete(name); else this.#jar.set(name, value);
    }
    return { status: answer.status, location: answer.headers.get('location'), text: await answer.text() };
  }

  async read(where) {
    const { status, text } = await this.ask(where);
    assert.equal(status, 200, where);
    return text;
  }

  /** Sends a form; an answer that leads nowhere fails. Says where it leads. */
  async send(where, fields) {
    if (!this.#jar.has('form')) await this.read('/connexion');
    const body = new URLSearchParams({ _token: this.#jar.get('form'), ...fields });
    const { status, location, text } = await this.ask(where, { method: 'POST', body });
    assert.ok(location, `${where} ${JSON.stringify(fields)}: ${status} ${(text.match(/<(p|div) class="(error|notice)[^]*?<\/\1>/g) ?? []).map(plain)}`);
    return location;
  }
}

/** The site: `claire` is its organiser, over HTTP. */
export class Hall {
  folder = mkdtempSync(path.join(tmpdir(), 'manger-played-'));
  claire = new Guest(() => this.base);
  base = null;
  #offset = zoneOfMorning(new Date());
  #server = null;
  #browser = null;
  /** The key of programs, and mails of which it was told. */
  #key = null;
  #told = 0;

  run(...line) {
    return execFileSync(program, [...line, '--data-dir', this.folder], { env: { TMPDIR: this.folder }, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  }

  /** The clock in the hall, so many minutes from now: « 09:30 », and its day: « 20/05/2027 ». */
  clock(minutes = 0) {
    const at = new Date(Date.now() + (this.#offset * 60 + minutes) * 60_000);
    const [year, month, day] = at.toISOString().slice(0, 10).split('-');
    return { hour: at.toISOString().slice(11, 16), day: `${day}/${month}/${year}` };
  }

  async open() {
    await this.#start();
    this.#browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
  }

  async #start() {
    const listen = this.base ? new URL(this.base).host : '127.0.0.1:0';
    // POSIX counts the other way round.
    const zone = `Etc/GMT${this.#offset > 0 ? '-' : '+'}${Math.abs(this.#offset)}`;
    const line = ['serve', '--listen', listen, '--data-dir', this.folder, '--requests-per-minute', '1000000'];
    this.#server = spawn(program, line, { env: { TMPDIR: this.folder, TIME_ZONE: zone }, stdio: ['ignore', 'ignore', 'pipe'] });
    this.#server.ended = new Promise((done) => { this.#server.once('exit', (code, signal) => done(`code ${code}, signal ${signal}`)); });
    this.base = await address(this.#server);
  }

  async #stop() {
    this.#server.kill('SIGTERM');
    assert.equal(await this.#server.ended, 'code 0, signal null', this.#server.said.slice(-2000));
  }

  /** So many hours pass: the program is started anew where the sun is higher, for nothing else knows what time it is in the hall. */
  async wait(hours) {
    await this.#stop();
    this.#offset += hours;
    await this.#start();
  }

  async close() {
    await this.#browser?.close();
    if (this.#server?.exitCode === null) await this.#stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** A page of a new visitor. */
  visitor(options = {}) {
    return visitor(this.#browser, { baseURL: this.base, locale: 'fr-FR', reducedMotion: 'reduce', ...options });
  }

  /** All mails so far, in the order in which they were decided. */
  mails() {
    const box = path.join(this.folder, 'mails');
    const names = existsSync(box) ? readdirSync(box) : [];
    const mail = (name) => {
      const [, id, kind] = name.match(/^(\d+)-(\w+)\.eml$/) ?? [];
      return id && { id: Number(id), kind, text: () => readFileSync(path.join(box, name), 'utf8') };
    };
    return names.map(mail).filter(Boolean).sort((one, other) => one.id - other.id).map((mail) => ({ ...mail, to: mail.text().match(/^To: (.*?)\r?$/m)[1] }));
  }

  /** The plain text of the newest mail of a kind to somebody, once it has left. */
  async letter(to, kind) {
    for (let tries = 0; tries < 200; tries += 1) {
      const mail = this.mails().findLast((one) => one.to.includes(to) && one.kind === kind);
      const body = mail?.text().match(/text\/plain[^]*?\r?\n\r?\n([^-]+)/)?.[1];
      if (body) return Buffer.from(body, 'base64').toString();
      await new Promise((later) => { setTimeout(later, 50); });
    }
    throw new Error(`no mail ${kind} to ${to}`);
  }

  async code(to) {
    return (await this.letter(to, 'sign_in')).match(/\b(\d{3})\s?(\d{3})\b/).slice(1).join('');
  }

  /** What people were told of meetings since the last time, once all has left: kind and count; nobody was told twice. */
  async news(event) {
    for (let tries = 0; /en attente|en cours d’envoi/.test(await this.claire.read('/organisation/courrier')); tries += 1) {
      assert.ok(tries < 300, 'mails do not leave');
      await new Promise((later) => { setTimeout(later, 100); });
    }
    const fresh = this.mails().filter(({ id }) => id > this.#told);
    this.#told = Math.max(this.#told, ...fresh.map(({ id }) => id));
    const told = fresh.filter(({ kind }) => /^(meeting|wish)/.test(kind));
    const people = told.map(({ to }) => to);
    assert.deepEqual(people.filter((to, at) => people.indexOf(to) !== at), [], `${event}: told twice`);
    return { people, kinds: count(told) };
  }

  /** How many mails of meetings there are of each kind, and the most that one person got. */
  figures() {
    const all = this.mails().filter(({ kind }) => /^(meeting|wish)/.test(kind));
    const most = (kind) => Math.max(...Object.values(all.filter((one) => one.kind === kind).reduce((sum, { to }) => ({ ...sum, [to]: (sum[to] ?? 0) + 1 }), {})));
    return Object.entries(count(all)).map(([kind, number]) => [kind, number, most(kind)]);
  }

  /** What programs read. */
  async told(where) {
    this.#key ??= this.run('token', 'create', 'claire@departement.example', '--scope', 'meetings').match(/ml_\w+/)[0];
    const answer = await fetch(`${this.base}/api/v1/editions/1${where}`, { headers: { authorization: `Bearer ${this.#key}` } });
    assert.equal(answer.status, 200, `${where}: ${answer.status}`);
    return answer.json();
  }
}

function count(mails) {
  const kinds = {};
  for (const { kind } of mails) kinds[kind] = (kinds[kind] ?? 0) + 1;
  return kinds;
}

/** Does something with each, a few at a time. */
export async function each(all, what, few = 6) {
  const left = [...all.entries()];
  const one = async () => { for (let next = left.shift(); next; next = left.shift()) await what(next[1], next[0]); };
  await Promise.all(Array.from({ length: few }, one));
}
