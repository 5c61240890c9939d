// The mailbox of the demonstration, as a mail program reads it: mails and calendars are taken apart by libraries of others.

import ICAL from 'ical.js';
import PostalMime from 'postal-mime';
import { press } from './keyboard.mjs';

/** What a calendar that is joined to a mail asks of the reader's own; null without one. */
function entry(attachments) {
  const joined = attachments.find(({ mimeType }) => mimeType === 'text/calendar');
  if (!joined) return null;
  const text = typeof joined.content === 'string' ? joined.content : new TextDecoder().decode(joined.content);
  const calendar = new ICAL.Component(ICAL.parse(text));
  const zone = calendar.getFirstSubcomponent('vtimezone');
  if (zone) ICAL.TimezoneService.register(zone);
  const event = new ICAL.Event(calendar.getFirstSubcomponent('vevent'));
  return {
    method: calendar.getFirstPropertyValue('method'),
    uid: event.uid,
    sequence: event.sequence,
    starts: event.startDate.toJSDate(),
    ends: event.endDate.toJSDate(),
    place: event.location,
  };
}

/** What was read so far, by its address: the site forgets a mail with a link after a week, who got it does not. */
const READ = new Map();

async function letter(page, where) {
  const message = await page.request.get(`${where}/message.eml`);
  const { to, subject, text, attachments } = await PostalMime.parse(await message.body());
  return {
    id: Number(where.split('/').at(-1)),
    to: to[0].address,
    subject: subject.replaceAll('\u00a0', ' '),
    text,
    link: text.match(/\/visites\/inscription\/\w+/)?.[0],
    calendar: entry(attachments),
  };
}

/** The mails to an address that name a visit in their subject, the first first: what each is about, its text, its link, its calendar. */
export async function mails(page, to, visit) {
  const box = await page.context().newPage();
  await box.goto('/demo/courrier');
  const lines = box.locator('.letters li').filter({ hasText: to }).filter({ hasText: visit });
  const found = await lines.locator('a').evaluateAll((all) => all.map((one) => one.href));
  for (const where of found.filter((one) => !READ.has(one))) READ.set(where, await letter(box, where));
  await box.close();
  const mine = [...READ.values()].filter((one) => one.to === to && one.subject.includes(visit));
  const about = ({ subject }) => subject.replace(/^.*? : /, '').replace(new RegExp(`, ${visit}.*$`), '');
  return mine.sort((one, other) => one.id - other.id).map((one) => ({ ...one, about: about(one) }));
}

/** The newest mail to an address that names a visit. */
export async function newest(page, to, visit) {
  return (await mails(page, to, visit)).at(-1);
}

const STEPS = [['semaine', 7 * 24], ['jour', 24], ['heure', 1]];

/** It becomes so many hours later, in as few steps as there are; `page` ends on the mailbox. */
export async function pass(page, hours) {
  await page.goto('/demo/courrier');
  let left = hours;
  for (const [word, lasts] of STEPS) {
    for (; left >= lasts; left -= lasts) {
      await Promise.all([page.waitForNavigation(), press(page, `button[value="${word}"]`)]);
    }
  }
}
