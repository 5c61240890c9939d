// The big screen of the hall. The whole day lies in the page: it goes on without a network, and without the server.

import { follow, fresh } from '/assets/js/live.js';

const by = (id) => document.getElementById(id);
const body = document.body;
const MOST = 12;
const LEAST = 4;
const TURN = 8_000;
const RING = 10_000;
const SETTLE = 3 * 60_000;

if (by('journee')) {
  let day = JSON.parse(by('journee').textContent);
  let offset = day.now - Date.now();
  let shown = -1;
  let sound;
  let size = MOST;
  const now = () => Date.now() + offset;

  const clock = new Intl.DateTimeFormat('fr-FR', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
  const left = (milliseconds) => {
    const seconds = Math.max(0, Math.ceil(milliseconds / 1_000));
    const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
    const two = (number) => String(number).padStart(2, '0');
    return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
  };

  /** A bell made of a few tones that fade. */
  const strike = () => {
    if (!sound) return;
    for (const [at, pitch] of [[0, 880], [0.45, 880], [0.9, 660]]) {
      for (const [factor, loud] of [[1, 0.5], [2.76, 0.2], [5.4, 0.08]]) {
        const [tone, volume] = [sound.createOscillator(), sound.createGain()];
        tone.frequency.value = pitch * factor;
        volume.gain.setValueAtTime(loud, sound.currentTime + at);
        volume.gain.exponentialRampToValueAtTime(0.001, sound.currentTime + at + 1.6 / factor ** 0.3);
        tone.connect(volume).connect(sound.destination);
        tone.start(sound.currentTime + at);
        tone.stop(sound.currentTime + at + 1.8);
      }
    }
  };
  const ring = (words) => {
    by('sonne').textContent = words;
    body.classList.add('ringing');
    body.dataset.rang = String(Number(body.dataset.rang ?? 0) + 1);
    strike();
    setTimeout(() => { body.classList.remove('ringing'); by('sonne').textContent = ''; }, RING);
  };

  const list = (moment) => {
    // Who has just sat down still looks for the table; later on one looks for the next.
    const settling = moment.round && now() - moment.at < SETTLE;
    const slot = (settling || !moment.next) ? moment.round : moment.next;
    const round = day.rounds[slot] ?? day.rounds[moment.next];
    by('tour').textContent = round ? (slot === moment.round ? round.title : `Ensuite : ${round.title.replace(/^R/, 'r')}`) : '';
    const lines = round?.lines ?? [];
    const pages = Math.max(1, Math.ceil(lines.length / size));
    const page = Math.floor(Date.now() / TURN) % pages;
    by('page').textContent = pages > 1 ? `${page + 1} / ${pages}` : '';
    const key = `${slot} ${page} ${size} ${lines.length} ${day.now}`;
    if (by('places').dataset.key === key) return;
    by('places').dataset.key = key;
    by('places').replaceChildren(...lines.slice(page * size, (page + 1) * size).map(({ table, supplier, canteen, note }) => {
      const line = document.createElement('li');
      for (const [name, text] of [['b', table], ['span', supplier], ['span', canteen], ['em', note]]) {
        if (text) line.append(Object.assign(document.createElement(name), { textContent: text }));
      }
      return line;
    }));
    // Long names take two lines: rather one page more than a line below the screen.
    const { scrollHeight, clientHeight, clientWidth } = document.documentElement;
    if (scrollHeight > clientHeight + 1 && clientWidth > 768 && size > LEAST) {
      size -= 2;
      list(moment);
    }
  };
  addEventListener('resize', () => { size = MOST; });

  const draw = () => {
    const place = day.moments.findLastIndex((moment) => moment.at <= now());
    const moment = day.moments[place];
    if (!moment) return;
    if (place !== shown) {
      const before = day.moments[shown];
      shown = place;
      size = MOST;
      body.classList.remove('before', 'round', 'change', 'pause', 'over');
      body.classList.add(moment.kind);
      by('titre').textContent = moment.title;
      by('mots').textContent = moment.words;
      // The title says the rest.
      if (before && before.at < moment.at) ring(moment.kind === 'round' ? 'Commencez' : '');
    }
    by('reste').textContent = moment.until ? left(moment.until - now()) : '';
    body.classList.toggle('last-minute', moment.kind === 'round' && moment.until - now() < 60_000);
    by('heure').textContent = clock.format(now());
    by('decale').textContent = day.late;
    list(moment);
  };

  let isAsking = false;
  const renew = async (page) => {
    if (isAsking || page === body.dataset.page) return;
    isAsking = true;
    const next = await fresh(location.pathname);
    isAsking = false;
    const block = next?.getElementById('journee');
    if (!block) return;
    body.dataset.page = next.body.dataset.page;
    day = JSON.parse(block.textContent);
    // The day may have been shifted: what is shown is drawn anew, without a bell.
    shown = -1;
    draw();
  };

  draw();
  setInterval(draw, 250);
  follow(body.dataset.follow, ({ page, at }) => { offset = at - Date.now(); renew(page); }, (isLost) => {
    by('perdu').textContent = isLost ? 'sans réseau : les horaires continuent' : '';
  });

  const [bell, full] = [by('cloche'), by('plein')];
  bell.hidden = !('AudioContext' in window);
  bell.addEventListener('click', async () => {
    sound = new AudioContext();
    await sound.resume();
    strike();
    bell.hidden = true;
    body.dataset.cloche = sound.state;
  });
  full.hidden = !document.documentElement.requestFullscreen;
  full.addEventListener('click', () => document.documentElement.requestFullscreen());
  document.addEventListener('fullscreenchange', () => { full.hidden = Boolean(document.fullscreenElement); });
  // The screen of a computer must not fall asleep.
  const awake = () => navigator.wakeLock?.request('screen').catch(() => {});
  document.addEventListener('visibilitychange', () => { if (!document.hidden) awake(); });
  awake();
}
