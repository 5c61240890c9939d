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

// The place of an element that lies over the map, from the map's top left corner.
function placeOver(map, element) {
  const frame = map.getContainer().getBoundingClientRect();
  const { left, right, bottom } = element.getBoundingClientRect();
  return { left: left - frame.left, right: right - frame.left, bottom: bottom - frame.top };
}
const zoomButtons = (map) => placeOver(map, map.getContainer().querySelector('.leaflet-control-zoom'));

/**
 * Shows `bounds` as large and as little moved as it can be with none of `pins` under the zoom buttons or under `bar`,
 * which lies at the top of the map.
 */
export function fit(map, bounds, pins, { bar, padding, maxZoom }) {
  const covers = [zoomButtons(map), ...(bar ? [placeOver(map, bar)] : [])];
  const rest = L.point(padding, padding);
  // A pin reaches 22 pixels to each side of its point and 34 above.
  const isFree = ({ x, y }) => x >= 22 && y >= 34 && covers.every((one) => x + 22 < one.left || x - 22 > one.right || y - 34 > one.bottom);
  const areFree = (corner, zoom) => {
    const middle = map.project(bounds.getSouthWest(), zoom).add(map.project(bounds.getNorthEast(), zoom)).divideBy(2);
    const origin = middle.subtract(map.getSize().add(corner).subtract(rest).divideBy(2));
    return pins.every((pin) => isFree(map.project(pin, zoom).subtract(origin)));
  };
  let best = { zoom: -1 };
  const [farthest, lowest] = [covers[0].right + 30, Math.max(...covers.map((one) => one.bottom)) + 42];
  for (let left = padding; left < farthest; left += 8) {
    for (let top = padding; top < lowest; top += 8) {
      const corner = L.point(left, top);
      const zoom = Math.min(map.getBoundsZoom(bounds, false, corner.add(rest)), maxZoom);
      const isBetter = zoom > best.zoom || (zoom === best.zoom && left + top < best.corner.x + best.corner.y);
      if (isBetter && areFree(corner, zoom)) best = { corner, zoom };
    }
  }
  map.fitBounds(bounds, { paddingTopLeft: best.corner ?? rest, paddingBottomRight: rest, maxZoom, animate: false });
}

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
    const { right, bottom } = zoomButtons(map);
    const text = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
    for (const place of places) {
      const { x, y } = map.latLngToContainerPoint(place.at);
      const half = (place.name.length * 3.6 + 14) * text;
      if (x < half || x > width - half || y < 12 * text || y > height - 12 * text || (x - half < right + 8 && y < bottom + 16)) continue;
      if (taken.some((t) => Math.abs(t.x - x) < t.half + half && Math.abs(t.y - y) < 34 * text)) continue;
      taken.push({ x, y, half });
      L.tooltip({ permanent: true, direction: 'center', className: 'place', pane: 'names', interactive: false }).setLatLng(place.at).setContent(Object.assign(document.createElement('span'), { textContent: place.name })).addTo(names);
      if (taken.length === 40) break;
    }
  };
  map.on('moveend', draw);
  draw();
}
