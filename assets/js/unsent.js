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
// A form that is refused is sent as without scripts: the page says why and keeps what was typed. Otherwise the site answered
// that it is otherwise by now, and shows how.
document.addEventListener('htmx:responseError', ({ target, detail }) => {
  const form = target.closest('form');
  const pressed = detail.requestConfig?.triggeringEvent?.submitter;
  if (!form || detail.xhr.status !== 422) {
    location.reload();
    return;
  }
  if (pressed?.name) form.append(Object.assign(document.createElement('input'), { type: 'hidden', name: pressed.name, value: pressed.value }));
  form.submit();
});
// A button that stays pressed says by itself that it was heard.
document.addEventListener('htmx:afterSettle', ({ detail }) => {
  const pressed = detail.requestConfig?.triggeringEvent?.submitter;
  const same = pressed?.value === 'note' && document.getElementById(pressed.id);
  if (same) say(same.closest('form'), 'soft', 'Note gardée.');
});
