// The map of the results: the same suppliers, or visits, as the list. Clusters, keyboard, "Chercher dans cette zone".
// .map-view carries data-geojson (the current results) and what base-map.js reads; data-many when it shows no suppliers:
// « visites ». #map is kept across htmx swaps.
import { createMap, fetchGeoJson, fit, loadLeaflet, pin, position } from '/assets/js/base-map.js';

const view = () => document.querySelector('.map-view');
const markers = new Map();
let map, clusters, here, shown;

async function start() {
  const { dataset } = view();
  await loadLeaflet(dataset);
  map = await createMap(document.getElementById('map'), dataset);
  clusters = L.markerClusterGroup({
    showCoverageOnHover: false,
    maxClusterRadius: 64,
    animate: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    iconCreateFunction: (cluster) => L.divIcon({
      className: 'cluster',
      iconSize: [44, 44],
      html: `<span><span class="visually-hidden">Groupe de </span>${cluster.getChildCount()}<span class="visually-hidden"> ${dataset.many ?? 'fournisseurs'}, agrandir</span></span>`,
    }),
  }).addTo(map);
  if (!dataset.many) here = offerThisArea();
  await showResults();
}

async function showResults() {
  const { geojson, center, radiusKm } = view().dataset;
  if (geojson === shown) return;
  shown = geojson;
  const { features } = await fetchGeoJson(geojson);
  clusters.clearLayers();
  markers.clear();
  clusters.addLayers(features.filter((f) => f.geometry).map(marker));
  const bounds = features.length ? clusters.getBounds() : L.latLngBounds([]);
  clusters.ring?.remove();
  if (center && radiusKm) {
    const circle = L.circle(position(center), { radius: radiusKm * 1000, className: 'outline radius', interactive: false });
    clusters.ring = circle.addTo(map);
    bounds.extend(circle.getBounds());
  }
  if (!bounds.isValid()) return;
  if (here) here.hidden = false;
  fit(map, bounds, clusters.getLayers().map((one) => one.getLatLng()), { bar: here?.firstChild, padding: 24, maxZoom: 13 });
  if (here) here.hidden = true;
}

function marker({ geometry, properties }) {
  const [lon, lat] = geometry.coordinates;
  const one = L.marker([lat, lon], { icon: pin(), title: properties.name, riseOnHover: true });
  one.bindPopup(() => popup(properties), { minWidth: 220, maxWidth: 280, autoPanPadding: [12, 12] });
  one.on('popupopen', ({ popup: opened }) => {
    const element = opened.getElement();
    element.querySelector('.leaflet-popup-close-button')?.setAttribute('aria-label', 'Fermer');
    element.querySelector('.leaflet-popup-content a')?.focus({ preventScroll: true });
    // Leaflet hears Escape on the map itself only.
    element.onkeydown = ({ key }) => { if (key === 'Escape') one.closePopup(); };
  });
  one.on('popupclose', () => one.getElement()?.focus({ preventScroll: true }));
  if (properties.reference) markers.set(properties.reference, one);
  return one;
}

function popup({ name, url, commune, distance_km: distance, kind_label: kind, offers, lines = [] }) {
  const box = document.createElement('div');
  const link = Object.assign(document.createElement('a'), { href: url, textContent: name });
  const where = Object.assign(document.createElement('p'), {
    textContent: [[kind, commune].filter(Boolean).join(' · '), distance == null ? '' : `environ ${Math.max(1, Math.round(distance))}\u00a0km`].filter(Boolean).join(', '),
  });
  box.append(link, where);
  for (const textContent of lines) box.append(Object.assign(document.createElement('p'), { textContent }));
  if (offers) box.append(Object.assign(document.createElement('p'), { textContent: [].concat(offers).join(', ') }));
  return box;
}

// After the person has moved the map: a button that makes what is seen the filter.
function offerThisArea() {
  const bar = document.createElement('div');
  bar.className = 'map-here';
  bar.hidden = true;
  const button = Object.assign(document.createElement('button'), { type: 'button', className: 'button secondary small', textContent: 'Chercher dans cette zone' });
  bar.append(button);
  map.getContainer().append(bar);
  L.DomEvent.disableClickPropagation(bar);
  map.on('dragend zoomend', () => { bar.hidden = false; });
  button.addEventListener('click', () => {
    const url = new URL(location.href);
    for (const name of ['page', 'radius_km', 'perimeter']) url.searchParams.delete(name);
    url.searchParams.set('bbox', map.getBounds().toBBoxString().split(',').map((n) => Number(n).toFixed(4)).join(','));
    location.assign(url);
  });
  return bar;
}

// A card under the pointer or the keyboard lights its pin.
for (const [event, lit] of [['pointerover', true], ['focusin', true], ['pointerout', false], ['focusout', false]]) {
  document.addEventListener(event, ({ target }) => {
    const card = target.closest?.('.map-view [data-reference]');
    markers.get(card?.dataset.reference)?.getElement()?.classList.toggle('lit', lit);
  });
}
document.addEventListener('htmx:afterSettle', () => { if (map && view()) showResults(); });
if (view()) start().catch(() => { document.querySelector('.map-frame').hidden = true; });
