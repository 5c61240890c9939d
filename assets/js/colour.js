// The code of the colour and the palette follow each other.
const [code, palette] = ['couleur', 'pastille'].map((id) => document.getElementById(id));

palette.addEventListener('input', () => { code.value = palette.value; });
code.addEventListener('input', () => {
  const [, digits] = /^\s*#?([0-9a-f]{6})\s*$/i.exec(code.value) ?? [];
  if (digits) palette.value = `#${digits.toLowerCase()}`;
});
