// Says beside what was pressed what became of it, on pages where htmx sends a press by itself: kept, or not for want of a
// network.

const LOST = 'Pas enregistré\u00a0: pas de réseau. Réessayez quand il revient.';

function say(near, className, words) {
  const known = near.querySelector(':scope > .unsent');
  const said = known ?? near.appendChild(Object.assign(document.createElement('p'), { className: 'unsent' }));
  said.className = `unsent ${className}`;
  said.setAttribute('role', 'status');
  // Emptied first: the same sentence twice is said twice.
  said.textContent = '';
  setTimeout(() => { said.textContent = words; }, 50);
}

for (const failure of ['htmx:sendError', 'htmx:timeout']) {
  document.addEventListener(failure, ({ target }) => say(target.closest('form') ?? target, 'error', LOST));
}
// The site answered that it is otherwise by now: it shows how.
document.addEventListener('htmx:responseError', () => location.reload());
// A button that stays pressed says by itself that it was heard.
document.addEventListener('htmx:afterSettle', ({ detail }) => {
  const pressed = detail.requestConfig?.triggeringEvent?.submitter;
  const same = pressed?.value === 'note' && document.getElementById(pressed.id);
  if (same) say(same.closest('form'), 'soft', 'Note gardée.');
});
