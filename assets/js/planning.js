// Drags an appointment of the grid to another place. It leads to the page that says what this changes; the buttons of the
// appointment's own page do the same without a mouse.

const FAR = 6;

for (const board of document.querySelectorAll('[data-planning]')) {
  let drag = null;

  const cellAt = (event) => document.elementFromPoint(event.clientX, event.clientY)?.closest('td[data-slot]');

  const aim = (cell) => {
    board.querySelector('.aim')?.classList.remove('aim');
    if (cell && board.contains(cell) && cell !== drag.from) cell.classList.add('aim');
  };

  const end = () => {
    if (!drag) return;
    aim(null);
    drag.meet.classList.remove('dragged');
    board.classList.remove('dragging');
    drag = null;
  };

  board.addEventListener('pointerdown', (event) => {
    const meet = event.target.closest('.meet');
    // A finger scrolls.
    if (!meet || event.pointerType === 'touch' || event.button !== 0) return;
    drag = { meet, from: meet.closest('td'), x: event.clientX, y: event.clientY, moves: false };
  });

  document.addEventListener('pointermove', (event) => {
    if (!drag) return;
    if (!drag.moves) {
      if (Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < FAR) return;
      drag.moves = true;
      drag.meet.classList.add('dragged');
      board.classList.add('dragging');
    }
    event.preventDefault();
    aim(cellAt(event));
  });

  document.addEventListener('pointerup', (event) => {
    if (!drag) return;
    const { meet, from, moves } = drag;
    const cell = moves ? cellAt(event) : null;
    end();
    if (!moves) return;
    // The click that follows would open the appointment.
    board.addEventListener('click', (click) => click.preventDefault(), { capture: true, once: true });
    if (!cell || cell === from || !board.contains(cell)) return;
    const other = cell.querySelector('.meet');
    const asked = new URLSearchParams(other
      ? { geste: 'echanger', rdv: meet.dataset.id, avec: other.dataset.id }
      : { geste: 'deplacer', rdv: meet.dataset.id, creneau: cell.dataset.slot, table: cell.dataset.table });
    window.location.assign(`${board.dataset.planning}/changement?${asked}`);
  });

  document.addEventListener('keydown', (event) => { if (event.key === 'Escape') end(); });
  document.addEventListener('pointercancel', end);
}
