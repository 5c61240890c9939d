// Maps of a form: [data-point-map] writes the point one touches into a field; [data-area-map] draws the radius of a field.
import { createMap, loadLeaflet, pin, position } from '/assets/js/base-map.js';

const show = async (element) => {
  await loadLeaflet(element.dataset);
  element.hidden = false;
  return createMap(element, element.dataset);
};

const written = (text) => {
  const [lat, lon] = text.split(',').map((part) => Number.parseFloat(part));
  return Number.isFinite(lat) && Number.isFinite(lon) ? [lat, lon] : undefined;
};

for (const element of document.querySelectorAll('[data-point-map]')) {
  const field = document.getElementById(element.dataset.pointMap);
  show(element).then((map) => {
    let marker;
    const place = (at) => {
      if (!at) return;
      marker ??= L.marker(at, { icon: pin('exact'), draggable: true, title: 'Le point exact' })
        .addTo(map)
        .on('dragend', () => write(marker.getLatLng()));
      marker.setLatLng(at);
    };
    const write = ({ lat, lng }) => {
      field.value = `${lat.toFixed(5)}, ${lng.toFixed(5)}`;
      place([lat, lng]);
    };
    map.on('click', ({ latlng }) => write(latlng));
    field.addEventListener('change', () => place(written(field.value)));
    place(written(field.value));
    if (written(field.value)) map.setView(written(field.value), 13);
  }).catch(() => {});
}

for (const element of document.querySelectorAll('[data-area-map]')) {
  const field = document.getElementById(element.dataset.areaMap);
  show(element).then((map) => {
    const centre = position(element.dataset.center);
    let circle;
    const draw = () => {
      const km = Number.parseFloat(field.value.replace(',', '.'));
      circle?.remove();
      if (!(km >= 1 && km <= 1000)) return;
      circle = L.circle(centre, { radius: km * 1000, className: 'area' }).addTo(map);
      map.fitBounds(circle.getBounds(), { animate: false });
    };
    field.addEventListener('input', draw);
    draw();
  }).catch(() => {});
}
