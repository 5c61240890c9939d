// What holds of the timetable of a day, read from what organisers print of the version in force.

import { slots, wishes } from './cast.mjs';
import { plain } from './hall.mjs';

/** Each appointment of the version in force: slot, table, canteen, supplier. */
export async function inForce(hall, desk) {
  const sheet = await hall.claire.read(`${desk}/documents/mur`);
  return sheet.split('<section>').slice(1).flatMap((section, at) =>
    [...section.matchAll(/<li><strong>([^]*?)<\/strong>\s*<span>([^]*?)<br>([^]*?)<\/span><\/li>/g)].map(([, table, canteen, supplier]) =>
      ({ slot: at + 1, table: Number(plain(table).match(/\d+/)[0]), canteen: plain(canteen), supplier: plain(supplier) })));
}

const pair = ({ canteen, supplier }) => `${canteen} | ${supplier}`;
const whole = (meeting) => `${meeting.slot} ${meeting.table} ${pair(meeting)}`;

/** Whether somebody is at an appointment. */
export const has = (meeting, { name }) => meeting.canteen === name || meeting.supplier === name;

/** One's own appointments, in the order of the day. */
export const own = (meetings, who) => meetings.filter((meeting) => has(meeting, who)).sort((one, other) => one.slot - other.slot || one.table - other.table);

/** What of the rules a timetable breaks, in words. */
export function broken(meetings, coming, tables) {
  const faults = [];
  const seen = new Map();
  const once = (key, most, words) => {
    seen.set(key, (seen.get(key) ?? 0) + 1);
    if (seen.get(key) > most) faults.push(`${words}: ${key}`);
  };
  for (const meeting of meetings) {
    once(`slot ${meeting.slot}, table ${meeting.table}`, 1, 'two at one table');
    once(pair(meeting), 1, 'they meet twice');
    if (meeting.table < 1 || meeting.table > tables) faults.push(`no such table: ${whole(meeting)}`);
    const two = ['canteen', 'supplier'].map((side) => coming.find((who) => who.side === side && who.name === meeting[side]));
    for (const who of two) {
      if (!who) { faults.push(`who does not come: ${whole(meeting)}`); continue; }
      once(`slot ${meeting.slot}, ${who.name}`, who.tables, 'two appointments at once');
      if (!slots(who).includes(meeting.slot)) faults.push(`outside her hours: ${who.name}, ${whole(meeting)}`);
    }
    const [canteen, supplier] = two;
    const shuns = (one, other) => one && other && wishes(one).avoided === other.place;
    if (shuns(canteen, supplier) || shuns(supplier, canteen)) faults.push(`would rather not: ${whole(meeting)}`);
  }
  return faults;
}

/** What lies between two timetables: appointments moved, lost and new, and who has another day. */
export function change(before, after) {
  const known = new Map(before.map((meeting) => [pair(meeting), meeting]));
  const now = new Map(after.map((meeting) => [pair(meeting), meeting]));
  const moved = before.filter((meeting) => now.has(pair(meeting)) && whole(now.get(pair(meeting))) !== whole(meeting));
  const lost = before.filter((meeting) => !now.has(pair(meeting)));
  const fresh = after.filter((meeting) => !known.has(pair(meeting)));
  const names = new Set([...moved, ...lost, ...fresh].flatMap(({ canteen, supplier }) => [canteen, supplier]));
  return { moved: moved.length, lost: lost.length, fresh: fresh.length, names };
}

/** Ways to spoil a timetable, each of which is to be noticed. */
export function spoilt(meetings) {
  const [first, second, ...rest] = meetings;
  return [
    [first, { ...second, slot: first.slot, table: first.table }, ...rest],
    [first, first, ...rest],
    [{ ...first, table: 99 }, second, ...rest],
    [{ ...first, supplier: second.supplier }, { ...second, slot: first.slot }, ...rest],
    [{ ...first, canteen: 'Une autre' }, second, ...rest],
  ];
}
