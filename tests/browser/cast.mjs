// Who plays: twenty-nine canteens and thirty-six suppliers of a département, some with the longest names one meets, what they say
// when they register, and whom they wish.

export const CANTEENS = 29;
export const SUPPLIERS = 36;
const PLACES = [
  'Genêts', 'Sucs', 'Narces', 'Bruyères', 'Fougères', 'Sources', 'Tilleuls', 'Frênes', 'Noyers', 'Cerisiers', 'Prés', 'Champs',
  'Bois', 'Landes', 'Rochers', 'Orgues', 'Volcans', 'Lacs', 'Rivières', 'Cascades', 'Moulins', 'Ponts', 'Chemins', 'Clos',
  'Vergers', 'Jardins', 'Ruches', 'Bergers', 'Meules', 'Granges', 'Terrasses', 'Collines', 'Gorges', 'Plateaux', 'Vallons', 'Sommets',
];
const KINDS = ['Collège', 'Lycée', 'Maison de retraite', 'École', 'Crèche', 'Cuisine centrale'];
const LONG = new Map([
  ['canteen 3', 'Établissement d’hébergement pour personnes âgées dépendantes Les Genêts d’Or de Saint-Julien-Chapteuil'],
  ['canteen 10', 'Syndicat intercommunal de restauration scolaire du Haut-Lignon, cuisine du Chambon-sur-Lignon'],
  ['supplier 5', 'Groupement d’intérêt économique des producteurs de lentille verte du Puy et de viande de bœuf Fin gras du Mézenc'],
  ['supplier 12', 'Coopérative d’utilisation de matériel agricole et atelier de transformation de Saint-Christophe-sur-Dolaizon'],
]);
const PEOPLE = ['Sophie Arnaud', 'Paul Roche', 'Marie-Antoinette de Montgolfier-Chabanel', 'Jean-Baptiste Souvignet', 'Ève Blanc'];
const NEEDS = 'Prise électrique et place pour une glacière de 60 litres ; accès en fauteuil depuis le parking.';

/** Everybody who could come: `place` counts from 0 on each side. */
export function cast() {
  const one = (side) => (_, place) => ({
    side,
    place,
    name: LONG.get(`${side} ${place}`) ?? `${side === 'canteen' ? KINDS[place % KINDS.length] : 'Ferme'} des ${PLACES[place]}`,
    to: side === 'canteen' ? `cuisine${place}@college.example` : `ferme${place}@vallee.example`,
    tables: side === 'supplier' && place === 2 ? 2 : 1,
  });
  return [...Array.from({ length: CANTEENS }, one('canteen')), ...Array.from({ length: SUPPLIERS }, one('supplier'))];
}

/** The listings of the suppliers, to import. */
export function listings(all) {
  const line = ({ name, place, to }) => `F${place};${name};Producteur;43200;Yssingeaux;${to}\n`;
  return `Référence;Nom;Type;Code postal;Commune;Courriel\n${all.filter(({ side }) => side === 'supplier').map(line).join('')}`;
}

/** What somebody says when she registers; `at` says when a slot begins. */
export function said({ place, tables }, at) {
  const hours = new Map([
    [1, { arrivee: at(2) }],
    [4, { depart: at(13) }],
    [6, { absence_de: at(3), absence_a: at(5) }],
    [7, place > 9 ? { arrivee: at(8) } : {}],
  ]).get(place % 9);
  const twice = tables === 2 ? { 'nom-2': PEOPLE[1], tables: '2' } : {};
  const needs = place % 6 === 5 ? { besoins: NEEDS } : {};
  return { 'nom-1': PEOPLE[place % PEOPLE.length], repas: '1', maximum: String(tables === 2 ? 14 : 5 + place % 4), ...hours, ...twice, ...needs };
}

/** Slots in which somebody is in the hall. */
export function slots({ place }) {
  const all = Array.from({ length: 14 }, (_, at) => at + 1);
  const away = new Map([[1, [1]], [4, [13, 14]], [6, [3, 4]], [7, place > 9 ? [1, 2, 3, 4, 5, 6, 7] : []]]);
  return all.filter((slot) => !(away.get(place % 9) ?? []).includes(slot));
}

/** Places on the other side whom somebody wishes, the most wanted first, and one whom she would rather not meet. */
export function wishes({ side, place }) {
  const [count, step, from] = side === 'canteen' ? [SUPPLIERS - 1, 3, place * 5] : [CANTEENS - 1, 5, place * 3];
  const order = Array.from({ length: count }, (_, at) => (from + at * step) % count);
  const wanted = order.slice(0, 8 + place % 5);
  return { wanted, avoided: place % 5 === 3 ? order.at(-1) : null };
}
