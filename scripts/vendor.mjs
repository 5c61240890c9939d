// Fills assets/vendor, which the program embeds: front-end files, fonts, icons, gazetteer and their licences.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { gazetteer } from './gazetteer.mjs';
import { ICONS } from './icons.mjs';
import { ROOT, VENDOR, writeFolder } from './outputs.mjs';

const load = createRequire(import.meta.url);

// [path in assets/vendor, package, files joined in this order]
const COPIES = [
  // No classes and no fixed container width: the layout is ours.
  ['htmx.min.js', 'htmx.org', 'dist/htmx.min.js'],
  ['accessible-autocomplete.min.js', 'accessible-autocomplete', 'dist/accessible-autocomplete.min.js'],
  ['leaflet/leaflet.js', 'leaflet', 'dist/leaflet.js'],
  ['leaflet/leaflet.css', 'leaflet', 'dist/leaflet.css'],
  ...['layers.png', 'layers-2x.png', 'marker-icon.png', 'marker-icon-2x.png', 'marker-shadow.png'].map((image) => [
    `leaflet/images/${image}`,
    'leaflet',
    `dist/images/${image}`,
  ]),
  ['leaflet/markercluster.js', 'leaflet.markercluster', 'dist/leaflet.markercluster.js'],
  ['leaflet/markercluster.css', 'leaflet.markercluster', 'dist/MarkerCluster.css', 'dist/MarkerCluster.Default.css'],
];

// Each axis kept free costs 10 KB or more: the body varies from regular to bold, headings are drawn once.
const FONTS = [
  {
    path: 'fonts/atkinson-hyperlegible-next.woff2',
    package: '@fontsource-variable/atkinson-hyperlegible-next',
    file: 'files/atkinson-hyperlegible-next-latin-wght-normal.woff2',
    variationAxes: { wght: { min: 400, max: 700 } },
  },
  {
    path: 'fonts/fraunces-600.woff2',
    package: '@fontsource-variable/fraunces',
    file: 'files/fraunces-latin-full-normal.woff2',
    variationAxes: { wght: 600, SOFT: 100, WONK: 0, opsz: 36 },
  },
];

// What French needs of Latin; the fonts' own files hold neither U+202F nor U+2192, which browsers find elsewhere.
const FRENCH = [
  [0x20, 0x7e], [0xa0, 0xff], [0x152, 0x153], [0x2013, 0x2014], [0x2018, 0x201e],
  [0x2022, 0x2022], [0x2026, 0x2026], [0x202f, 0x202f], [0x20ac, 0x20ac], [0x2192, 0x2192], [0x2212, 0x2212],
];

const LICENCES = {
  'htmx.org': 'LICENSE',
  'accessible-autocomplete': 'LICENSE.txt',
  leaflet: 'LICENSE',
  'leaflet.markercluster': 'MIT-LICENCE.txt',
  'lucide-static': 'LICENSE',
  '@fontsource-variable/atkinson-hyperlegible-next': 'LICENSE',
  '@fontsource-variable/fraunces': 'LICENSE',
  '@etalab/decoupage-administratif': 'LICENSE',
  '@etalab/fr-bounding-boxes': 'LICENSE',
};

const ALSO_SAY = {
  'accessible-autocomplete': 'Its file contains Preact, Copyright (c) 2015-present Jason Miller, and core-js, Copyright (c) 2014-present Denis Pushkarev, under the MIT License too.',
  '@fontsource-variable/atkinson-hyperlegible-next': 'Modified: reduced to the characters of French and to weights 400 to 700.',
  '@fontsource-variable/fraunces': 'Modified: reduced to the characters of French and to one weight, 600.',
  '@etalab/decoupage-administratif': 'Data under Licence Ouverte 2.0: INSEE (code officiel géographique and populations), DGCL (intercommunalities), La Poste (postal codes); edition of 2026.',
  '@etalab/fr-bounding-boxes': 'Data under Licence Ouverte 2.0: IGN, ADMIN EXPRESS, edition of 2017; reduced to the centre of each box.',
};

async function main() {
  const missing = [];
  const read = (name, file) => readPackageFile(name, file, missing);
  const parts = [await copies(read), await fonts(read), await icons(read), places(), await licences(read)];
  if (missing.length > 0) throw new Error(`not in node_modules (run npm ci), or no longer so named there:\n  ${missing.join('\n  ')}`);
  await writeFolder(VENDOR, new Map(parts.flatMap((part) => [...part])));
}

async function readPackageFile(name, file, missing) {
  try {
    return await readFile(join(ROOT, 'node_modules', name, file));
  } catch {
    missing.push(`${name}/${file}`);
    return Buffer.alloc(0);
  }
}

async function copies(read) {
  return Promise.all(COPIES.map(async ([path, name, ...files]) => {
    const contents = await Promise.all(files.map((file) => read(name, file)));
    return [path, /\.(js|css)$/.test(path) ? contents.map(withoutSourceMap).join('\n') : contents[0]];
  }));
}

// The maps are not shipped: developer tools would ask for them in vain on every page.
function withoutSourceMap(content) {
  return `${content.toString().replace(/\s*(\/\/|\/\*)# sourceMappingURL=.*\s*$/, '')}\n`;
}

async function fonts(read) {
  const characters = FRENCH.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, i) => String.fromCodePoint(first + i)));
  const subset = load('subset-font');
  return Promise.all(FONTS.map(async ({ path, package: name, file, variationAxes }) => {
    const font = await read(name, file);
    return [path, font.length > 0 ? await subset(font, characters.join(''), { targetFormat: 'woff2', variationAxes }) : font];
  }));
}

async function icons(read) {
  return Promise.all(ICONS.map(async (name) => [`icons/${name}.svg`, slim(await read('lucide-static', `icons/${name}.svg`))]));
}

function slim(svg) {
  return svg.toString()
    .replace(/<!--.*?-->/gs, '')
    .replace(/\sclass="[^"]*"/, '')
    .replace(/\s+/g, ' ')
    .replace(/> </g, '><')
    .replace(/ (\/?>)/g, '$1')
    .trim();
}

function places() {
  const { files, note } = gazetteer();
  console.error(note);
  return [...files].map(([path, text]) => [`gazetteer/${path}`, text]);
}

async function licences(read) {
  const texts = await Promise.all(Object.entries(LICENCES).map(async ([name, file]) => {
    const { version } = JSON.parse((await read(name, 'package.json')).toString() || '{}');
    const text = (await read(name, file)).toString().replaceAll('\r\n', '\n').trim();
    return [`${name} ${version}`, ALSO_SAY[name], text].filter(Boolean).join('\n\n');
  }));
  return [['LICENCES.txt', `${texts.join(`\n\n${'-'.repeat(78)}\n\n`)}\n`]];
}

main().catch((error) => {
  const advice = error.code === 'MODULE_NOT_FOUND' ? 'run npm ci first. ' : '';
  console.error(`vendor: ${advice}${error.message}`);
  process.exitCode = 1;
});
