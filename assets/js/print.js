// The button that prints: shown only when it works.
const button = document.getElementById('print');
button.hidden = false;
button.addEventListener('click', () => print());
