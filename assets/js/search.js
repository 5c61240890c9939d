// The directory: filters and sorting act at once (htmx swaps the results), the panel of filters stays as it was,
// the new count is said aloud, and a failed request becomes an ordinary page load.

const form = document.getElementById('search');
const wide = matchMedia('(min-width: 60rem)');
const alwaysOpen = CSS.supports('selector(::details-content)');

// Older browsers cannot show a closed panel on a wide screen by CSS alone.
function openPanel() {
  const panel = document.getElementById('facets');
  if (panel && !alwaysOpen) panel.open = wide.matches;
}

function openDetails() {
  return [...document.querySelectorAll('#directory details')].map((details) => details.open);
}

if (form) {
  openPanel();
  wide.addEventListener('change', openPanel);

  document.addEventListener('change', (event) => {
    if (event.target.form === form && !form.contains(event.target)) form.requestSubmit();
  });

  // Short addresses: a field left empty is not sent.
  document.addEventListener('htmx:configRequest', ({ detail }) => {
    for (const [name, value] of [...detail.formData]) if (value === '') detail.formData.delete(name);
  });

  let open = [];
  document.addEventListener('htmx:beforeSwap', () => { open = openDetails(); });
  document.addEventListener('htmx:afterSwap', () => {
    document.querySelectorAll('#directory details').forEach((details, i) => { if (open[i]) details.open = true; });
  });
  document.addEventListener('htmx:afterSettle', () => {
    const said = document.getElementById('announce');
    const count = document.querySelector('#directory .count-line, #directory .empty h2');
    if (said && count) said.textContent = count.textContent;
  });
  for (const failure of ['htmx:sendError', 'htmx:responseError', 'htmx:timeout']) {
    document.addEventListener(failure, () => form.submit());
  }
}
