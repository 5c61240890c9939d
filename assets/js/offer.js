// A product of one's listing: a known name proposes its family and its usual months; nothing that was chosen is changed.
for (const form of document.querySelectorAll('form[data-offer]')) {
  const name = form.elements.produit;
  const family = form.elements.famille;
  const months = [...form.querySelectorAll('input[name="mois"]')];
  const fold = (text) => text.trim().toLowerCase();
  let proposed = false;
  const isUntouched = () => proposed || months.every((month) => !month.checked);
  form.addEventListener('change', ({ target }) => { if (target.name === 'mois') proposed = false; });
  name.addEventListener('change', () => {
    const known = [...form.querySelectorAll('#connus option')].find((option) => fold(option.value) === fold(name.value));
    if (!known) return;
    if (!family.value) family.value = known.dataset.family;
    if (!isUntouched()) return;
    const usual = known.dataset.months.split(', ');
    for (const month of months) month.checked = usual.length < 12 && usual.includes(month.value);
    proposed = true;
  });
}
