// A text field that proposes choices while one types (accessible-autocomplete, French messages).
// The field that the server wrote keeps its id and name: without this script it is an ordinary field.

const FRENCH = {
  tNoResults: () => 'Aucune proposition',
  tStatusQueryTooShort: (length) => `Tapez au moins ${length} caractères pour voir des propositions.`,
  tStatusNoResults: () => 'Aucune proposition.',
  tStatusSelectedOption: (text, count, index) => `${text}, ${index + 1} sur ${count}.`,
  tStatusResults: (count, selected) => `${count} proposition${count > 1 ? 's' : ''}. ${selected}`,
  tAssistiveHint: () => 'Des propositions s’affichent pendant la frappe ; flèches haut et bas pour les parcourir, Entrée pour choisir.',
};

export const escapeHtml = (text) =>
  String(text ?? '').replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

/**
 * Replaces `input` by a completed field.
 * `fetchChoices(query)` answers a list; `text(choice)` is what the field takes; `html(choice)` what the list shows; `onPick(choice)` follows.
 */
export function complete(input, { minLength = 2, fetchChoices, text, html, onPick }) {
  if (!input || !window.accessibleAutocomplete) return null;
  const { id, name, value, placeholder, maxLength } = input;
  const place = document.createElement('div');
  input.replaceWith(place);

  let latest = 0;
  window.accessibleAutocomplete({
    element: place,
    id,
    name,
    minLength,
    defaultValue: value,
    placeholder,
    confirmOnBlur: false,
    showNoOptionsFound: false,
    displayMenu: 'overlay',
    source: (query, show) => {
      const mine = ++latest;
      setTimeout(async () => {
        if (mine !== latest) return;
        const choices = await fetchChoices(query).catch(() => []);
        if (mine === latest) show(choices);
      }, 120);
    },
    templates: {
      // What the field held before any choice comes back as a text.
      inputValue: (choice) => (typeof choice === 'string' ? choice : choice ? text(choice) : ''),
      suggestion: (choice) => (typeof choice === 'string' ? escapeHtml(choice) : html(choice)),
    },
    onConfirm: (choice) => choice && onPick(choice),
    ...FRENCH,
  });

  const field = place.querySelector('input');
  field.autocapitalize = 'none';
  field.spellcheck = false;
  if (maxLength > 0) field.maxLength = maxLength;
  // The component swallows Enter while its list is open, even when nothing is chosen; the form must go.
  place.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.target !== field || place.querySelector('[aria-selected="true"]')) return;
    event.stopPropagation();
    // What was proposed, or is about to be, must not stay over the results.
    latest += 1;
    setTimeout(() => field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', keyCode: 27, bubbles: true })));
  }, true);
  return field;
}

export async function fetchJson(address, query) {
  const url = new URL(address, document.baseURI);
  url.searchParams.set('q', query);
  const answer = await fetch(url, { headers: { accept: 'application/json' } });
  return answer.ok ? answer.json() : [];
}
