// Who came to a farm visit, noted where there may be no network: every tap is kept in the browser under a key of its own, and
// sent in order when the site answers. The site remembers the keys: what is sent twice counts once.

import { forget, keep } from '/assets/js/kept.js';

const TOGETHER = 100;
const ASK_AFTER = 20_000;
const LONG_LIST = 8;

const list = document.getElementById('presences');
if (list) {
  const store = `presences:${location.pathname}`;
  const clock = new Intl.DateTimeFormat('fr-FR', { hour: 'numeric', minute: '2-digit' });
  const hour = (at) => clock.format(at).replace(':', '\u00a0h\u00a0');
  const find = (id) => document.getElementById(id);
  const random = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  // What the site said last: `up`, `away` without a network, `out` for who is signed out, `no` for anything else; since when the
  // list is so, and since when nothing is left to send.
  let told = { how: 'away', at: Number(list.dataset.drawn), sent: 0 };
  let isStored = true;
  let memory = { telephone: random(), notes: [], refused: [] };

  const read = () => {
    if (!isStored) return memory;
    try {
      memory = JSON.parse(localStorage.getItem(store)) ?? memory;
    } catch { /* What is in memory counts. */ }
    return memory;
  };
  const write = (change) => {
    memory = { ...read(), ...change };
    try {
      localStorage.setItem(store, JSON.stringify(memory));
    } catch {
      isStored = false;
    }
  };

  // What a line says, as the site says it.
  const plural = (count, word) => (count > 1 ? `${word}s` : word);
  const words = (came, party) => {
    if (came === null) return `${party}\u00a0${plural(party, 'attendu')}`;
    if (came === 0) return plural(party, 'absent');
    return `${came}\u00a0${plural(came, 'venu')}${party && came !== party ? ` sur ${party}` : ''}`;
  };
  const number = (text) => (text === '' ? null : Number(text));
  const draw = (line) => {
    const [came, party, most] = [number(line.dataset.came), Number(line.dataset.party), Number(line.dataset.most)];
    const standing = line.querySelector('.standing');
    const kind = came === null ? '' : came > 0 ? 'there' : 'missing';
    line.className = kind;
    standing.className = `standing ${kind}`;
    standing.textContent = words(came, party);
    for (const button of line.querySelectorAll('[aria-pressed]')) button.setAttribute('aria-pressed', String((button.value === '0' ? 'missing' : 'there') === kind));
    line.querySelector('.number').hidden = came === null;
    line.querySelector('.number b').textContent = came ?? 0;
    line.querySelector('.less').value = Math.max((came ?? 0) - 1, party ? 0 : 1);
    line.querySelector('.more').value = Math.min((came ?? 0) + 1, most);
  };

  const lines = () => [...list.querySelectorAll('.door-list > li')];
  const count = () => {
    const sum = (part) => lines().reduce((all, line) => all + Number(part(line)), 0);
    const came = sum(({ dataset }) => dataset.came);
    const party = sum((line) => (line.parentElement.id === 'inscrits' ? line.dataset.party : 0));
    find('compte').firstElementChild.textContent = `${came}\u00a0${plural(came, 'personne')} ${plural(came, 'venue')} sur ${party}\u00a0${plural(party, 'inscrite')}`;
    find('chercher').hidden = lines().length < LONG_LIST;
  };

  // Shows what is noted here and not sent yet over what the site says.
  const show = ({ key, registration, walk_in: walkIn, came, name, organisation }) => {
    const id = registration ? `inscription-${registration}` : `passage-${walkIn ?? key}`;
    let line = find(id);
    if (!line && !registration && !walkIn) {
      line = find('passage').content.firstElementChild.cloneNode(true);
      line.id = id;
      line.querySelector('strong').textContent = name;
      line.querySelector('.of').textContent = organisation ? `, ${organisation}` : '';
      line.querySelector('[name=passage]').value = key;
      for (const hidden of line.querySelectorAll('.visually-hidden')) hidden.textContent += name;
      find('passages').append(line);
    }
    if (line && came === null && !registration) line.remove();
    else if (line) {
      line.dataset.came = came ?? '';
      draw(line);
    }
  };
  const showAll = () => {
    read().notes.forEach(show);
    count();
  };

  const waiting = () => new Set(read().notes.map((note) => note.registration ?? note.walk_in ?? note.key)).size;
  const say = () => {
    const many = waiting();
    const left = `${many}\u00a0${plural(many, 'présence')} à envoyer`;
    const kept = `${many > 1 ? 'Elles sont gardées' : 'Elle est gardée'} dans ce téléphone`;
    const alone = !isStored && many > 0 ? ' Ce navigateur ne garde rien\u00a0: laissez cette page ouverte.' : '';
    const status = find('etat');
    find('envoi').hidden = false;
    find('envoi').classList.toggle('waits', many > 0 || told.how !== 'up');
    const parts = [];
    const add = (name, text, href) => parts.push(Object.assign(document.createElement(name), { textContent: text }, href && { href }));
    if (told.how === 'out') {
      add('strong', `Vous êtes déconnecté${many ? `\u00a0: ${left}` : ''}. `);
      if (many) add('span', `Rien n’est perdu\u00a0: ${kept.toLowerCase()}. Connectez-vous\u00a0: tout partira. `);
      add('a', 'Me connecter', told.door);
    } else if (many && told.how === 'away') {
      add('strong', `${left}. `);
      add('span', `Pas de réseau\u00a0: ${kept.toLowerCase()}, et ${many > 1 ? 'partiront dès qu’il revient' : 'partira dès qu’il revient'}.${alone}`);
    } else if (many && told.how === 'no') {
      add('strong', `${left}. `);
      add('span', `Le site ne les prend pas pour l’instant (réponse ${told.status}). ${kept}\u00a0: un nouvel essai part tout seul.`);
    } else if (many) {
      add('strong', `${left}…`);
    } else if (told.how === 'up') {
      add('span', `Tout est envoyé à ${hour(told.sent)}.`);
    } else if (told.how === 'no') {
      add('span', `Le site ne répond pas comme prévu (réponse ${told.status}). Rien n’est à envoyer\u00a0: cette liste est celle de ${hour(told.at)}.`);
    } else {
      add('span', `Pas de réseau. Rien n’est à envoyer\u00a0: cette liste est celle de ${hour(told.at)}.`);
    }
    // Read aloud when it changes, not each time it is looked at.
    const text = parts.map(({ textContent }) => textContent).join('');
    if (text !== status.textContent) status.replaceChildren(...parts);
    const { refused } = read();
    find('refus').hidden = refused.length === 0;
    find('lu').hidden = refused.length === 0;
    find('refus').replaceChildren(...refused.map((text) => Object.assign(document.createElement('li'), { textContent: text })));
  };

  const ask = (path, options) => fetch(path, { cache: 'no-store', signal: AbortSignal.timeout(15_000), ...options });
  const token = () => list.parentElement.querySelector('[name=_token]').value;

  // Takes over the list as the site has it now, line by line: a finger or a keyboard stays where it is.
  const take = (page) => {
    const fresh = page.getElementById('presences');
    for (const name of ['inscrits', 'autres', 'passages']) {
      const here = find(name);
      const coming = [...fresh.querySelectorAll(`#${name} > li`)];
      const ids = new Set(coming.map(({ id }) => id));
      for (const line of [...here.children]) if (!ids.has(line.id)) line.remove();
      let before = null;
      for (const next of coming) {
        let line = find(next.id);
        if (!line || line.parentElement !== here) {
          line?.remove();
          line = document.adoptNode(next);
          if (before) before.after(line);
          else here.prepend(line);
        }
        Object.assign(line.dataset, next.dataset);
        draw(line);
        before = line;
      }
    }
    const current = page.querySelector('[name=_token]').value;
    const forms = [document, find('passage').content];
    for (const part of forms) part.querySelectorAll('[name=_token]').forEach((field) => { field.value = current; });
    showAll();
  };

  /** Asks for the page as it is now; false when it cannot be had. */
  const renew = async () => {
    const answer = await ask(location.pathname);
    if (answer.redirected || answer.status === 401 || answer.status === 404) {
      told = { ...told, how: 'out', door: answer.redirected ? answer.url : '/connexion' };
      await forget();
      return false;
    }
    if (!answer.ok) {
      told = { ...told, how: 'no', status: answer.status };
      return false;
    }
    const html = await answer.text();
    const page = new DOMParser().parseFromString(html, 'text/html');
    const isNews = told.how !== 'up' || read().notes.length > 0 || !told.sent;
    told = { how: 'up', at: Date.now(), sent: isNews ? Date.now() : told.sent };
    // Called off meanwhile: whoever opens the page again reads it.
    if (!page.getElementById('presences')) return false;
    take(page);
    keep(html, answer.headers).then((isKept) => {
      find('garde').hidden = false;
      find('garde').textContent = isKept
        ? 'Cette page est gardée dans ce téléphone\u00a0: à la ferme, elle s’ouvre aussi sans réseau.'
        : 'Ce navigateur ne sait pas garder cette page\u00a0: à la ferme, laissez-la ouverte.';
    });
    return true;
  };

  const post = (notes) => {
    const fields = { _token: token(), telephone: read().telephone, now: Date.now(), notes: JSON.stringify(notes) };
    return ask(list.dataset.send, { method: 'POST', body: new URLSearchParams(fields) });
  };
  const nameOf = (note) => note.name ?? find(`${note.registration ? 'inscription' : 'passage'}-${note.registration ?? note.walk_in}`)?.querySelector('strong').textContent ?? '';

  const exchange = async () => {
    while (read().notes.length > 0) {
      const notes = memory.notes.slice(0, TOGETHER);
      let answer = await post(notes);
      // The browser was closed since the page was drawn, or the session ended: the page as it is now tells.
      if (answer.status >= 400 && answer.status < 500) {
        if (!await renew()) return;
        answer = await post(notes);
      }
      if (!answer.ok) {
        told = { ...told, how: 'no', status: answer.status };
        return;
      }
      const { answers } = await answer.json();
      const done = new Map(answers.map(({ key, refused }) => [key, refused]));
      const refused = notes.filter(({ key }) => done.get(key)).map((note) => `${nameOf(note)}\u00a0: ${done.get(note.key)}`);
      told.sent = 0;
      write({ notes: read().notes.filter(({ key }) => !done.has(key)), refused: [...memory.refused, ...refused] });
    }
    await renew();
  };

  let isSending = false;
  const send = async () => {
    if (isSending) return;
    isSending = true;
    // Two windows of one telephone do not send the same.
    const alone = navigator.locks ? (work) => navigator.locks.request(store, work) : (work) => work();
    try {
      await alone(exchange);
    } catch (error) {
      told = { ...told, how: 'away' };
      if (!(error instanceof TypeError || error instanceof DOMException)) throw error;
    } finally {
      isSending = false;
      say();
      // What was tapped while the last answer came.
      if (told.how === 'up' && waiting() > 0) soon = setTimeout(send, 400);
    }
  };

  let soon;
  const note = (what) => {
    write({ notes: [...read().notes, { key: random(), said: Date.now(), ...what }] });
    show(memory.notes.at(-1));
    count();
    say();
    clearTimeout(soon);
    soon = setTimeout(send, 400);
  };

  list.addEventListener('submit', (event) => {
    event.preventDefault();
    const { inscription, passage } = event.target.elements;
    const of = inscription ? { registration: Number(inscription.value) } : { walk_in: passage.value };
    note({ ...of, came: number(event.submitter.value) });
  });

  const form = find('ajouter');
  form.noValidate = true;
  form.addEventListener('submit', (event) => {
    const { nom, organisation, courriel, personnes } = form.elements;
    const came = Number(personnes.value);
    const isRight = nom.value.trim() !== '' && Number.isInteger(came) && came >= 1 && came <= Number(find('passage').content.firstElementChild.dataset.most) && courriel.validity.valid;
    // The site says what is wrong; without it, the browser does.
    if (!isRight && told.how === 'up') return;
    event.preventDefault();
    if (!isRight) {
      for (const [field, wrong] of [[nom, nom.value.trim() === ''], [personnes, !(came >= 1)]]) field.setCustomValidity(wrong ? 'À remplir.' : '');
      form.reportValidity();
      return;
    }
    note({ name: nom.value.trim(), organisation: organisation.value.trim(), email: courriel.value.trim(), came });
    form.reset();
    for (const field of [nom, organisation, courriel]) field.value = '';
    personnes.value = '1';
    nom.focus();
  });
  form.addEventListener('input', ({ target }) => target.setCustomValidity(''));

  find('lu').addEventListener('click', () => {
    write({ refused: [] });
    say();
  });

  const plain = (text) => text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
  find('q').addEventListener('input', ({ target }) => {
    const wanted = plain(target.value.trim());
    for (const line of lines()) line.hidden = !plain(line.querySelector('.who').textContent).includes(wanted);
  });

  write({});
  navigator.storage?.persist?.();
  showAll();
  say();
  send();
  addEventListener('online', send);
  addEventListener('offline', () => { told = { ...told, how: told.how === 'out' ? 'out' : 'away' }; say(); });
  document.addEventListener('visibilitychange', () => { if (!document.hidden) send(); });
  setInterval(() => { if (!document.hidden || waiting() > 0) send(); }, ASK_AFTER);
}
