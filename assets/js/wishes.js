// One's wishes: a press or a drag is kept at once (htmx swaps both lists), what is focused stays focused, what happened is said
// aloud. Who has no pointer, or no script, uses the buttons.

const said = document.getElementById('dit');
let focused = '';
let top = 0;
// The place in the list of wishes of what is focused; -1 elsewhere.
let place = -1;

// The handles and the button that prints show only when they work.
function ready() {
  document.querySelector('.ranks.movable')?.classList.add('ready');
  const button = document.getElementById('print');
  if (!button?.hidden) return;
  button.hidden = false;
  button.addEventListener('click', () => print());
}

// Where to go on when the button is no more: the same line, the one that took its place in the list, or the card.
function near() {
  const id = focused.split('-').at(-1);
  const line = document.querySelector(`#souhait-${id} button:not(:disabled)`);
  const wishes = [...document.querySelectorAll('.ranks > li')];
  const next = place < 0 ? null : wishes[Math.min(place, wishes.length - 1)]?.querySelector('[value="retirer"]');
  const card = place < 0 ? document.getElementById(`choisir-${id}`) : null;
  return line ?? next ?? card ?? document.getElementById('mes-souhaits');
}

function keepFocus() {
  if (!focused) return;
  const same = document.getElementById(focused);
  const there = same && !same.disabled ? same : near();
  if (there && there.tabIndex < 0) there.tabIndex = -1;
  there?.focus({ preventScroll: true });
  // The list above may have grown: what one looks at stays where it was.
  if (same && there === same) scrollBy(0, same.getBoundingClientRect().top - top);
  else there?.scrollIntoView({ block: 'nearest' });
}

document.addEventListener('htmx:beforeRequest', () => {
  const active = document.activeElement;
  focused = active?.closest('#souhaits') ? active.id : '';
  top = active?.getBoundingClientRect().top ?? 0;
  const line = active?.closest('.ranks > li');
  place = line ? [...line.parentElement.children].indexOf(line) : -1;
});
document.addEventListener('htmx:afterSettle', () => {
  ready();
  keepFocus();
  const told = document.querySelector('#souhaits .said');
  if (!said || !told) return;
  // Emptied first: the same sentence twice is said twice.
  said.textContent = '';
  setTimeout(() => { said.textContent = told.textContent; }, 50);
  told.removeAttribute('role');
});

// The others make way for the line that is dragged: it stays in its place in the document, so that the pointer stays its own.
function carry(line, y) {
  const middle = (one) => one.getBoundingClientRect().top + one.offsetHeight / 2;
  while (line.nextElementSibling && y > middle(line.nextElementSibling)) line.before(line.nextElementSibling);
  while (line.previousElementSibling && y < middle(line.previousElementSibling)) line.after(line.previousElementSibling);
  line.scrollIntoView({ block: 'nearest' });
}

function drop(line, from) {
  const to = [...line.parentElement.children].indexOf(line);
  if (to === from) return;
  const form = line.querySelector('form.placer');
  const button = form.querySelector('button:not(:disabled)');
  button.value = to + 1;
  form.requestSubmit(button);
}

document.addEventListener('pointerdown', (event) => {
  const grip = event.target.closest('.grip');
  const line = grip?.closest('li');
  if (!line || event.button !== 0) return;
  event.preventDefault();
  const before = [...line.parentElement.children];
  const from = before.indexOf(line);
  line.classList.add('moving');
  grip.setPointerCapture(event.pointerId);
  const move = ({ clientY }) => carry(line, clientY);
  const end = ({ type }) => {
    for (const name of ['pointermove', 'pointerup', 'pointercancel']) grip.removeEventListener(name, name === 'pointermove' ? move : end);
    line.classList.remove('moving');
    if (type === 'pointerup') drop(line, from);
    else line.parentElement.append(...before);
  };
  grip.addEventListener('pointermove', move);
  grip.addEventListener('pointerup', end);
  grip.addEventListener('pointercancel', end);
});

ready();
