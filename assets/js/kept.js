// Pages that open again without a network, as they were seen last, until somebody signs out. The page says what it is now by
// `keep`; service-worker.js shows it when the site cannot be reached.

const PREFIX = 'page:';
const LONGEST = 7 * 86_400_000;

let worker;

/** Keeps what the site has just answered for the page that is open, under its headers and with its files; false where a browser cannot. */
export async function keep(html, answered) {
  if (!('serviceWorker' in navigator) || !('caches' in window)) return false;
  try {
    await (worker ??= navigator.serviceWorker.register('/service-worker.js'));
    await forgetOld();
    const store = await caches.open(PREFIX + location.pathname);
    const wanted = files(html);
    const known = new Set((await store.keys()).map(({ url }) => url));
    await Promise.all(wanted.filter((url) => !known.has(url)).map((url) => store.add(url).catch(() => {})));
    const headers = new Headers(answered);
    for (const name of ['content-encoding', 'content-length']) headers.delete(name);
    headers.set('x-kept-at', String(Date.now()));
    await store.put(location.pathname, new Response(html, { headers }));
    const here = new URL(location.pathname, location.href).href;
    const old = (await store.keys()).filter(({ url }) => url !== here && !wanted.includes(url));
    await Promise.all(old.map((one) => store.delete(one)));
    return true;
  } catch {
    return false;
  }
}

/** Forgets all pages that are kept: whoever was signed in is so no more. */
export async function forget() {
  if (!('caches' in window)) return;
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX));
  await Promise.all(names.map((name) => caches.delete(name)));
}

/** What the page names, and what these files load in turn. */
function files(html) {
  const named = [...html.matchAll(/(?:href|src)="(\/(?:assets|territoire)[^"]+)"/g)].map(([, path]) => path.replaceAll('&amp;', '&'));
  const loaded = performance.getEntriesByType('resource').map(({ name }) => new URL(name));
  const own = loaded.filter(({ origin, pathname }) => origin === location.origin && pathname.startsWith('/assets/'));
  return [...new Set([...named.map((path) => new URL(path, location.href).href), ...own.map(({ href }) => href)])];
}

async function forgetOld() {
  for (const name of (await caches.keys()).filter((one) => one.startsWith(PREFIX))) {
    const kept = await (await caches.open(name)).match(name.slice(PREFIX.length));
    if (!(Date.now() - Number(kept?.headers.get('x-kept-at')) < LONGEST)) await caches.delete(name);
  }
}
