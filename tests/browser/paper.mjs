// Paper: a page as Chromium prints it, and how many A4 sheets that is.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';

/** Width and height of each page of a PDF, in points. */
function pages(pdf) {
  const text = pdf.toString('latin1');
  const objects = text.split('endobj').filter((object) => /\/Type\s*\/Page(?![a-z])/i.test(object));
  return objects.map((object) => object.match(/\/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)/).slice(1).map(Number));
}

function isA4([width, height]) {
  const [short, long] = [Math.min(width, height), Math.max(width, height)];
  return Math.abs(short - 595.3) < 1.5 && Math.abs(long - 841.9) < 1.5;
}

/** Prints the page that is shown; says how many sheets it is, all of them A4. */
export async function sheets(page, name) {
  const pdf = await page.pdf({ format: 'A4', preferCSSPageSize: true, printBackground: true });
  if (process.env.SHOTS) writeFileSync(`${process.env.SHOTS}/${name}.pdf`, pdf);
  const printed = pages(pdf);
  assert.ok(printed.every(isA4), `${name}: ${JSON.stringify(printed)}`);
  return printed.length;
}
