// The directory: filters and sorting act at once (htmx swaps the results), the panel of filters stays as it was,
// the keyboard keeps its place, the new count is said aloud, and a failed request becomes an ordinary page load.

const form = document.getElementById('search');
const wide = matchMedia('(min-width: 60rem)');
const alwaysOpen = CSS.supports('selector(::details-content)');

// Older browsers cannot show a closed panel on a wide screen by CSS alone.
function openPanel() {
  const panel = document.getElementById('facets');
  if (panel && !alwaysOpen) panel.open = wide.matches;
}

const all = (selector) => [...document.querySelectorAll(`#directory ${selector}`)];
const openDetails = () => all('details').map((details) => details.open);
const reopen = (open) => all('details').forEach((details, i) => { if (open[i]) details.open = true; });
const countLine = () => document.querySelector('#directory .count-line, #directory .empty h2');

// The page does not scroll to what is focused. Without an element it is the count.
function focusOn(element, focusVisible) {
  const one = element ?? countLine();
  if (one && one.tabIndex < 0) one.tabIndex = -1;
  one?.focus({ preventScroll: true, focusVisible });
  return one;
}

// Links that load the page anew, and what takes the focus there: the one of the same rank, else the last, else the count.
const LINKS = {
  '.chips a': '.chip.on',
  '.switch a': '.switch a',
  '.pagination a': '.count-line',
  '.ways a': '.count-line',
  '.notice a': '.count-line',
  '.doubt a': '.count-line',
};
const KEPT = 'place in the results';

function leave({ target, ctrlKey, metaKey, shiftKey }) {
  const link = target.closest('#directory a');
  const kind = Object.keys(LINKS).find((one) => link?.matches(one));
  if (!kind || ctrlKey || metaKey || shiftKey) return;
  const ringed = link.matches(':focus-visible');
  const place = { to: link.href, kind, rank: all(kind).indexOf(link), ringed, top: scrollY, open: openDetails() };
  // Refused or full: an ordinary page load.
  try { sessionStorage.setItem(KEPT, JSON.stringify(place)); } catch {}
}

function takePlace() {
  try {
    const place = JSON.parse(sessionStorage.getItem(KEPT));
    sessionStorage.removeItem(KEPT);
    return place;
  } catch { return null; }
}

function arrive() {
  const place = takePlace();
  if (place?.to !== location.href) return;
  reopen(place.open);
  const same = all(LINKS[place.kind]);
  const focused = focusOn(same[place.rank] ?? same.at(-1), place.ringed);
  const turned = place.kind === '.pagination a';
  if (!turned) scrollTo(0, place.top);
  focused?.scrollIntoView({ block: turned ? 'start' : 'nearest' });
}

if (form) {
  openPanel();
  wide.addEventListener('change', openPanel);
  document.addEventListener('click', leave);
  arrive();

  document.addEventListener('change', (event) => {
    if (event.target.form === form && !form.contains(event.target)) form.requestSubmit();
  });

  // Short addresses: a field left empty is not sent.
  document.addEventListener('htmx:configRequest', ({ detail }) => {
    for (const [name, value] of [...detail.formData]) if (value === '') detail.formData.delete(name);
  });

  let open = [];
  let focused = null;
  document.addEventListener('htmx:beforeSwap', () => {
    open = openDetails();
    focused = document.activeElement?.closest('#directory') && document.activeElement.id;
  });
  document.addEventListener('htmx:afterSwap', () => {
    reopen(open);
    // What was in a folded panel could not be focused again before.
    if (focused != null) focusOn(document.getElementById(focused));
  });
  document.addEventListener('htmx:afterSettle', () => {
    const said = document.getElementById('announce');
    const count = countLine();
    if (said && count) said.textContent = count.textContent;
  });
  for (const failure of ['htmx:sendError', 'htmx:responseError', 'htmx:timeout']) {
    document.addEventListener(failure, () => form.submit());
  }
}
