// Shows pages that a browser keeps (see kept.js) where there is no network. With a network the site answers, always; when it
// leads elsewhere, or somebody signs out, nothing that was kept stays.

const PREFIX = 'page:';
// A network that has not answered by then is none: on a farm track it may hang for minutes.
const PATIENCE = 10_000;
const FILES = ['style', 'script', 'font', 'image'];
// As long as kept.js keeps them.
const LONGEST = 7 * 86_400_000;
const GONE = [401, 403, 404, 410];

addEventListener('install', () => skipWaiting());
addEventListener('activate', (event) => event.waitUntil(clients.claim()));

addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin) return;
  if (request.method !== 'GET') {
    // Somebody leaves, or somebody else comes in.
    if (['/deconnexion', '/mon-espace/donnees/effacement', '/connexion'].includes(pathname)) event.waitUntil(forget());
  } else if (request.mode === 'navigate') {
    event.respondWith(page(request));
  } else if (FILES.includes(request.destination)) {
    event.respondWith(file(request));
  }
});

async function page(request) {
  const kept = await find(request);
  if (!kept) return fetch(request);
  try {
    const answer = await inTime(fetch(request));
    if (answer.type === 'opaqueredirect' || GONE.includes(answer.status)) await forget();
    return answer;
  } catch {
    return kept;
  }
}

// A file's name changes with its content: the one that is kept is the right one.
async function file(request) {
  return await find(request) ?? fetch(request);
}

async function find(request) {
  const options = { ignoreSearch: request.mode === 'navigate', ignoreVary: true };
  for (const name of await kept()) {
    const found = await (await caches.open(name)).match(request, options);
    if (!found) continue;
    if (request.mode !== 'navigate' || Date.now() - Number(found.headers.get('x-kept-at')) < LONGEST) return found;
    await caches.delete(name);
  }
  return undefined;
}

function inTime(answer) {
  return Promise.race([answer, new Promise((_, refuse) => { setTimeout(refuse, PATIENCE); })]);
}

async function kept() {
  return (await caches.keys()).filter((name) => name.startsWith(PREFIX));
}

async function forget() {
  await Promise.all((await kept()).map((name) => caches.delete(name)));
}
