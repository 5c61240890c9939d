// The delivery area of one supplier, drawn when its fold is opened. data-geojson holds features of kind "area" and "supplier".
import { createMap, fetchGeoJson, fit, loadLeaflet, pin } from '/assets/js/base-map.js';

const fold = document.querySelector('details.map-fold');

async function draw(element) {
  const { dataset } = element;
  await loadLeaflet(dataset);
  const map = await createMap(element, dataset);
  const layer = L.geoJSON(await fetchGeoJson(dataset.geojson), {
    smoothFactor: 0.3,
    style: () => ({ className: 'outline area', interactive: false }),
    pointToLayer: ({ properties }, at) => L.marker(at, { icon: pin(), title: properties.name, keyboard: false, interactive: false }),
  }).addTo(map);
  const pins = layer.getLayers().filter((one) => one.getLatLng).map((one) => one.getLatLng());
  if (layer.getBounds().isValid()) fit(map, layer.getBounds(), pins, { padding: 12, maxZoom: 12 });
}

fold?.addEventListener('toggle', () => {
  const element = fold.querySelector('.map');
  if (fold.open && !element.dataset.drawn) {
    element.dataset.drawn = 'yes';
    draw(element).catch(() => { fold.hidden = true; });
  }
});
