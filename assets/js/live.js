// What tells an open page that something is new: a stream of events, and a question every ten seconds where it does not flow.

const ASK_AFTER = 20_000;
const LOST_AFTER = 45_000;

/**
 * Follows an edition. `told` gets each pulse: version, page, and the clock of the site in milliseconds.
 * `silent` hears every few seconds whether nothing came for long, and since when.
 */
export function follow(path, told, silent = () => {}) {
  let source;
  let last = Date.now();
  let isCut = false;
  const heard = (pulse) => {
    last = Date.now();
    isCut = false;
    silent(false, last);
    told(pulse);
  };
  const listen = () => {
    source?.close();
    source = new EventSource(`${path}/fil`);
    source.addEventListener('message', (event) => heard(JSON.parse(event.data)));
  };
  const ask = async () => {
    try {
      const answer = await fetch(`${path}/version`, { cache: 'no-store', signal: AbortSignal.timeout(8_000) });
      if (answer.ok) heard(await answer.json());
    } catch { /* No network: the page goes on by itself. */ }
  };
  if ('EventSource' in window) listen();
  if (!navigator.onLine) { isCut = true; silent(true, last); }
  setInterval(() => {
    const quiet = Date.now() - last;
    if (quiet > ASK_AFTER || !source) ask();
    // A stream that the browser has given up is opened anew.
    if (source?.readyState === EventSource.CLOSED) listen();
    silent(isCut || quiet > LOST_AFTER, last);
  }, 10_000);
  addEventListener('offline', () => { isCut = true; silent(true, last); });
  addEventListener('online', () => { ask(); if (source && source.readyState !== EventSource.OPEN) listen(); });
  document.addEventListener('visibilitychange', () => { if (!document.hidden) ask(); });
}

/** The page as it is now on the site, or nothing when it cannot be had; `got` has its text and headers. */
export async function fresh(address, got = () => {}) {
  for (let tries = 0; tries < 5; tries += 1) {
    try {
      const answer = await fetch(address, { cache: 'no-store', signal: AbortSignal.timeout(8_000) });
      if (answer.ok && !answer.redirected) {
        const html = await answer.text();
        got(html, answer.headers);
        return new DOMParser().parseFromString(html, 'text/html');
      }
      if (answer.status !== 429 && answer.status < 500) return null;
    } catch { /* Asked again below. */ }
    // Not all telephones of a hall at the same moment.
    await new Promise((later) => { setTimeout(later, 500 + Math.random() * 1_500 * (tries + 1)); });
  }
  return null;
}
