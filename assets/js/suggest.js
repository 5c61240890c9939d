// "Que cherchez-vous ?": proposes products, suppliers and communes while one types.
// A choice: {kind: "product" | "supplier" | "commune", label, detail, value}. A supplier (value: its slug) opens its page;
// the rest fills the field and searches.
import { complete, escapeHtml, fetchJson } from '/assets/js/autocomplete.js';

const KINDS = { product: 'produit', supplier: 'fournisseur', commune: 'commune' };

for (const box of document.querySelectorAll('[data-suggest]')) {
  const input = box.querySelector('input');
  const form = input.form;
  complete(input, {
    fetchChoices: async (query) => {
      const answer = await fetchJson(box.dataset.suggest, query);
      return Array.isArray(answer) ? answer : answer.suggestions ?? [];
    },
    text: (choice) => choice.label,
    html: (choice) => `${escapeHtml(choice.label)} <small>${escapeHtml(choice.detail ?? KINDS[choice.kind] ?? '')}</small>`,
    onPick: (choice) => {
      if (choice.kind === 'supplier') location.assign(`/annuaire/${encodeURIComponent(choice.value)}`);
      // The component writes the field after this call.
      else setTimeout(() => form.requestSubmit());
    },
  });
}
