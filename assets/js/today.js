// One’s own day on the telephone: the words of each moment lie in the page, so that it goes on without a network; it is kept,
// so that it opens again without one.

import { keep } from '/assets/js/kept.js';
import { follow, fresh } from '/assets/js/live.js';

// By how much the clock of the site is ahead, as it was heard last.
const CLOCK = 'horloge';
const SLOW = 60_000;

let day = document.getElementById('jour');
if (day) {
  const { follow: path } = day.dataset;
  let offset = 0;
  let shown = -1;
  let moments = [];

  const read = () => { ({ moments } = JSON.parse(document.getElementById('moments').textContent)); };
  const now = () => Date.now() + offset;
  const node = (name, text) => Object.assign(document.createElement('p'), { className: name, textContent: text });
  const places = (all) => all.flatMap(({ table, who, note }) =>
    [node('where', table), who && node('who', who), note && node('note', note)].filter(Boolean));

  const draw = () => {
    const place = moments.findLastIndex((moment) => moment.at <= now());
    if (place === shown || place < 0) return;
    const isFirst = shown === -1;
    shown = place;
    const moment = moments[place];
    if (!isFirst) {
      const [current, next] = [document.getElementById('maintenant'), document.getElementById('ensuite')];
      const title = (text) => Object.assign(document.createElement('h2'), { className: 'when', textContent: text });
      current.replaceChildren(title(moment.label), ...places(moment.places), node('until', moment.until));
      next.replaceChildren(title(moment.next_label), ...places(moment.next));
      next.hidden = !moment.next_label;
    }
    for (const line of document.querySelectorAll('.own-day > li')) {
      const [from, to] = [Number(line.dataset.from), Number(line.dataset.to)];
      const isNow = from <= now() && now() < to;
      line.classList.toggle('past', to <= now());
      line.classList.toggle('current', isNow);
      if (isNow) line.setAttribute('aria-current', 'time'); else line.removeAttribute('aria-current');
    }
  };

  let isAsking = false;
  const renew = async (page) => {
    if (isAsking || page === day.dataset.page) return;
    isAsking = true;
    const next = (await fresh(location.pathname, keep))?.getElementById('jour');
    isAsking = false;
    if (!next) return;
    const said = (one) => [...one.querySelectorAll('.own-day > li, .late-day')].map((line) => line.textContent).join('|');
    const isNew = said(next) !== said(day);
    day.replaceWith(document.adoptNode(next));
    day = document.getElementById('jour');
    read();
    shown = -1;
    draw();
    if (isNew) {
      document.getElementById('change').hidden = false;
      navigator.vibrate?.(200);
    }
  };

  read();
  const { now: told } = JSON.parse(document.getElementById('moments').textContent);
  const heard = Number(localStorage.getItem(CLOCK)) || 0;
  offset = told - Date.now();
  // A page that was kept tells the hour at which it was.
  if (offset < heard - SLOW) offset = heard;
  draw();
  fresh(location.pathname, keep);
  setInterval(draw, 1_000);
  const clock = new Intl.DateTimeFormat('fr-FR', { hour: '2-digit', minute: '2-digit' });
  const hear = (at) => {
    offset = at - Date.now();
    localStorage.setItem(CLOCK, String(offset));
  };
  follow(path, ({ page, at }) => { hear(at); renew(page); draw(); }, (isLost, since) => {
    document.getElementById('perdu').hidden = !isLost;
    document.getElementById('depuis').textContent = clock.format(since).replace(':', '\u00a0h\u00a0');
  });
}
