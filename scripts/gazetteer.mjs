// The places of France: INSEE codes, names, postal codes, intercommunalities and populations of
// @etalab/decoupage-administratif, with one point per commune: the centre of its box in
// @etalab/fr-bounding-boxes, or the point given by hand in points.csv.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { ROOT, VENDOR, writeFolder } from './outputs.mjs';

const load = createRequire(import.meta.url);

// Communes that took their independence back after the boxes were drawn → the commune whose box held them then.
const SEPARATED_FROM = {
  14666: '14712', // Sannerville, from Saline
  15031: '15141', // Celles, from Neussargues en Pinatelle
  15035: '15141', // Chalinargues
  15047: '15141', // Chavagnac
  15171: '15141', // Sainte-Anastasie
  85165: '85084', // L'Oie, from Essarts en Bocage
  85212: '85084', // Sainte-Florence
};

/** The three CSV files as a map name → text, and a sentence that tells where the points come from. */
export function gazetteer() {
  const places = readPlaces();
  const origins = { 'own box': 0, 'by hand': 0, 'box under a former code': 0, 'box of the commune it left': 0, 'no point': 0 };
  const rows = places.listed.map((commune) => communeRow(commune, places, origins));
  const files = new Map([
    ['communes.csv', csv(COMMUNE_HEADINGS, rows)],
    ['intercommunalities.csv', csv(['code', 'name', 'type', 'population'], places.epcis.map((epci) => epciRow(epci, places)))],
    ['departments.csv', csv(['code', 'name', 'region_code', 'region_name'], places.departments.map((d) => departmentRow(d, places)))],
  ]);
  const points = Object.entries(origins).map(([origin, count]) => `${origin} ${count}`);
  return { files, note: `${rows.length} communes and arrondissements; points: ${points.join(', ')}` };
}

function readPlaces() {
  const data = (name) => load(`@etalab/decoupage-administratif/data/${name}.json`);
  const all = data('communes');
  const listed = all.filter(({ type }) => type === 'commune-actuelle' || type === 'arrondissement-municipal').sort(byCode);
  const places = {
    listed,
    current: new Map(listed.map((commune) => [commune.code, commune])),
    partsOf: groupBy(all.filter(({ chefLieu }) => chefLieu), ({ chefLieu }) => chefLieu),
    boxes: new Map(load('@etalab/fr-bounding-boxes').communes.map((box) => [box.id.replace('fr:commune:', ''), box])),
    points: pointsByHand(),
    epcis: data('epci').sort(byCode),
    departments: data('departements').sort(byCode),
    regions: new Map(data('regions').map((region) => [region.code, region])),
  };
  places.epciOf = new Map(places.epcis.flatMap(({ code, membres }) => membres.map((member) => [member.code, code])));
  refuseWhatDoesNotJoin(places);
  return places;
}

// Municipal arrondissements have no box; a few boxes stretch to islands far from where people live, and Cayenne's is wrong.
function pointsByHand() {
  const [, ...lines] = readFileSync(join(ROOT, 'scripts', 'points.csv'), 'utf8').trim().split('\n');
  return new Map(lines.map((line) => {
    const [code, , lat, lon] = line.split(';');
    return [code, [lat, lon].map((text) => degrees(Number(text)))];
  }));
}

function refuseWhatDoesNotJoin({ listed, current, points, epciOf, departments, regions }) {
  const known = new Set(departments.map(({ code }) => code));
  const faults = [
    ...[...epciOf.keys()].filter((code) => !current.has(code)).map((code) => `EPCI member ${code} is not a commune`),
    ...listed.filter(({ departement }) => !known.has(departement)).map(({ code }) => `commune ${code} has no known department`),
    ...departments.filter(({ region }) => !regions.has(region)).map(({ code }) => `department ${code} has no known region`),
    ...[...points].filter(([code, point]) => !current.has(code) || point.includes('NaN')).map(([code]) => `points.csv: ${code} is not right`),
  ];
  if (listed.length < 34_000) faults.push(`only ${listed.length} communes`);
  if (faults.length > 0) throw new Error(`gazetteer: ${faults.join('; ')}`);
}

const COMMUNE_HEADINGS = ['insee_code', 'name', 'postal_codes', 'lat', 'lon', 'department', 'epci_code', 'population', 'former_names'];

function communeRow(commune, places, origins) {
  const { point: [lat, lon], origin } = pointOf(commune, places);
  origins[origin] += 1;
  return [
    commune.code,
    clean(commune.nom),
    [...(commune.codesPostaux ?? [])].sort().join(' '),
    lat,
    lon,
    commune.departement,
    places.epciOf.get(commune.code) ?? '',
    commune.population ?? '',
    formerNames(commune, places).join('|'),
  ];
}

function pointOf({ code, nom, anciensCodes = [] }, { points, boxes }) {
  if (points.has(code)) return { point: points.get(code), origin: 'by hand' };
  if (boxes.has(code)) return { point: centre(boxes.get(code)), origin: 'own box' };
  // A merged commune whose seat moved changed its code: only the box under its own name is that of the whole.
  const former = anciensCodes.map((old) => boxes.get(old)).find((box) => box && fold(box.name) === fold(nom));
  if (former) return { point: centre(former), origin: 'box under a former code' };
  if (SEPARATED_FROM[code]) return { point: centre(boxes.get(SEPARATED_FROM[code])), origin: 'box of the commune it left' };
  return { point: ['', ''], origin: 'no point' };
}

function centre({ bbox: [west, south, east, north] }) {
  return [(south + north) / 2, (west + east) / 2].map(degrees);
}

function degrees(value) {
  return value.toFixed(4);
}

/** `INSEE:Name` of the communes that were merged into this one, and of another name it bore itself. */
function formerNames({ code, nom, anciensCodes = [] }, { partsOf, boxes }) {
  const parts = partsOf.get(code) ?? [];
  const told = new Set(parts.map((part) => part.code));
  // The boxes are older than the latest mergers: they still know names that the official list no longer gives.
  const lost = [...anciensCodes, code]
    .filter((former) => !told.has(former) && boxes.has(former))
    .map((former) => ({ code: former, nom: boxes.get(former).name.replace(/ - Commune nouvelle$/, '') }));
  return [...parts, ...lost]
    .filter((former) => former.code !== code || fold(former.nom) !== fold(nom))
    .map((former) => `${former.code}:${clean(former.nom)}`)
    .sort();
}

function epciRow({ code, nom, type, membres }, { current }) {
  // The list of EPCI carries an older census than the list of communes: the sum agrees with communes.csv.
  const population = membres.reduce((sum, member) => sum + (current.get(member.code).population ?? 0), 0);
  return [code, clean(nom), type, population];
}

function departmentRow({ code, nom, region }, { regions }) {
  return [code, clean(nom), region, clean(regions.get(region).nom)];
}

function csv(headings, rows) {
  return [headings, ...rows].map((row) => `${row.map(field).join(';')}\n`).join('');
}

function field(value) {
  const text = String(value);
  return /[;"\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function clean(name) {
  return name.normalize('NFC').replace(/\s+/g, ' ').trim();
}

function fold(name) {
  return name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/[^a-z0-9]+/g, ' ').trim();
}

function groupBy(items, key) {
  const groups = new Map();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return groups;
}

// Not localeCompare: the order must not depend on the machine's language.
function byCode(a, b) {
  return a.code < b.code ? -1 : Number(a.code > b.code);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { files, note } = gazetteer();
  await writeFolder(join(VENDOR, 'gazetteer'), files);
  console.error(note);
}
