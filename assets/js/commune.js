// "Près de": proposes communes and writes the INSEE code into the hidden field `near`.
// Typing something else empties the code, and the server reads `near_text`.
import { complete, escapeHtml, fetchJson } from '/assets/js/autocomplete.js';

for (const box of document.querySelectorAll('[data-communes]')) {
  const code = box.querySelector('input[type="hidden"]');
  const label = (commune) => `${commune.name} (${commune.postal_codes?.[0] ?? commune.department})`;
  const field = complete(box.querySelector('input[type="text"]'), {
    fetchChoices: (query) => fetchJson(box.dataset.communes, query),
    text: label,
    html: (commune) => `${escapeHtml(commune.name)} <small>${escapeHtml([commune.postal_codes?.[0], commune.department].filter(Boolean).join(', '))}</small>`,
    onPick: (commune) => { code.value = commune.code; },
  });
  field?.addEventListener('input', () => { code.value = ''; });
}
