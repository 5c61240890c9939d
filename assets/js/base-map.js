// What both maps share: Leaflet, fetched only when a map is shown; tiles, or outlines drawn on paper with names of communes.
// Attributes of the map's element: data-leaflet, data-leaflet-css (addresses), data-outlines (GeoJSON), data-tiles,
// data-attribution, data-center="lon,lat", data-center-name.

const script = (src) => new Promise((done, failed) => {
  document.head.append(Object.assign(document.createElement('script'), { src, onload: done, onerror: failed }));
});
const sheet = (href) => new Promise((done) => {
  // Before our own sheets, so that ours win.
  document.head.prepend(Object.assign(document.createElement('link'), { rel: 'stylesheet', href, onload: done, onerror: done }));
});

let leaflet;
export function loadLeaflet({ leaflet: js, leafletCss, cluster, clusterCss }) {
  leaflet ??= Promise.all([
    script(js).then(() => cluster && script(cluster)),
    sheet(leafletCss),
    clusterCss && sheet(clusterCss),
  ]);
  return leaflet;
}

export const fetchGeoJson = async (url) => {
  const answer = await fetch(url, { headers: { accept: 'application/geo+json' } });
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer.json();
};

export const position = (text) => text?.split(',').map(Number).reverse();

export const pin = (kind = '') => L.divIcon({ className: `pin ${kind}`, iconSize: [44, 44], iconAnchor: [22, 34], popupAnchor: [0, -30] });

export async function createMap(element, options) {
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const map = L.map(element, { zoomControl: false, scrollWheelZoom: false, zoomSnap: 0.5, minZoom: 7, maxZoom: 17, zoomAnimation: !calm, fadeAnimation: !calm, inertia: !calm });
  map.attributionControl.setPrefix(false);
  L.control.zoom({ zoomInTitle: 'Agrandir', zoomOutTitle: 'Réduire' }).addTo(map);
  // The wheel scrolls the page until one works with the map.
  map.on('focus click', () => map.scrollWheelZoom.enable());
  map.on('blur', () => map.scrollWheelZoom.disable());

  map.setView(position(options.center) ?? [46.6, 2.5], options.center ? 10 : 6);
  if (options.tiles) {
    L.tileLayer(options.tiles, { attribution: options.attribution ?? '', maxZoom: 19 }).addTo(map);
  } else if (options.outlines) {
    await drawOutlines(map, options.outlines).catch(() => {});
  }
  if (options.center && options.centerName) {
    L.marker(position(options.center), { icon: pin('kitchen'), title: options.centerName, keyboard: false, interactive: false, zIndexOffset: -100 }).addTo(map);
  }
  return map;
}

async function drawOutlines(map, url) {
  const { features } = await fetchGeoJson(url);
  const order = ['commune', 'epci', 'department'];
  const areas = features.filter((f) => f.geometry.type !== 'Point').sort((a, b) => order.indexOf(a.properties.kind) - order.indexOf(b.properties.kind));
  L.geoJSON(areas, { interactive: false, style: ({ properties }) => ({ className: `outline ${properties.kind}` }) }).addTo(map).bringToBack();
  nameCommunes(map, features.filter((f) => f.properties.kind === 'commune'));
}

// As many names as fit without touching, the largest communes first.
function nameCommunes(map, communes) {
  const places = communes
    .map((f) => {
      const box = L.geoJSON(f).getBounds();
      const size = f.properties.population ?? (box.getEast() - box.getWest()) * (box.getNorth() - box.getSouth());
      return { name: f.properties.name, at: box.getCenter(), size };
    })
    .sort((a, b) => b.size - a.size);
  map.createPane('names').style.zIndex = 450;
  // Names stay inside the map, clear of the zoom buttons.
  const names = L.layerGroup().addTo(map);
  const draw = () => {
    names.clearLayers();
    const taken = [];
    const { x: width, y: height } = map.getSize();
    for (const place of places) {
      const { x, y } = map.latLngToContainerPoint(place.at);
      const half = place.name.length * 3.6 + 14;
      if (x < half || x > width - half || y < 12 || y > height - 12 || (x - half < 64 && y < 116)) continue;
      if (taken.some((t) => Math.abs(t.x - x) < t.half + half && Math.abs(t.y - y) < 34)) continue;
      taken.push({ x, y, half });
      L.tooltip({ permanent: true, direction: 'center', className: 'place', pane: 'names', interactive: false }).setLatLng(place.at).setContent(Object.assign(document.createElement('span'), { textContent: place.name })).addTo(names);
      if (taken.length === 40) break;
    }
  };
  map.on('moveend', draw);
  draw();
}
