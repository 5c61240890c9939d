// The desk at the door: what another tablet writes down appears here, and a camera reads badges where the browser can.

import { follow, fresh } from '/assets/js/live.js';

const list = () => document.getElementById('liste');
if (list()) {
  let isAsking = false;
  const isBusy = () => list().contains(document.activeElement) || list().querySelector('details[open]');
  const renew = async (version) => {
    if (isAsking || isBusy() || version <= Number(list().dataset.version)) return;
    isAsking = true;
    const words = document.getElementById('q').value;
    const page = await fresh(`${location.pathname}?${new URLSearchParams({ q: words })}`);
    isAsking = false;
    if (!page || isBusy() || words !== document.getElementById('q').value) return;
    for (const id of ['liste', 'comptes']) {
      const next = page.getElementById(id);
      if (next) document.getElementById(id).replaceWith(document.adoptNode(next));
    }
    window.htmx?.process(document.body);
  };
  follow(list().dataset.follow, ({ version }) => renew(version));
}

const scan = document.getElementById('scan');
if (scan && 'BarcodeDetector' in window && navigator.mediaDevices) {
  const [area, video, words] = ['camera', 'video', 'camera-words'].map((id) => document.getElementById(id));
  let stream;
  const stop = () => {
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
    area.hidden = true;
    scan.focus();
  };
  const look = async (detector) => {
    if (!stream) return;
    const [found] = await detector.detect(video).catch(() => []);
    if (found) {
      // A badge holds the address of this page with its code, or the code alone.
      const code = found.rawValue.match(/[?&]code=([^&#]+)/)?.[1] ?? found.rawValue;
      stop();
      location.assign(`${scan.dataset.path}?${new URLSearchParams({ code: decodeURIComponent(code) })}`);
      return;
    }
    setTimeout(() => look(detector), 150);
  };
  scan.hidden = false;
  document.getElementById('stop').addEventListener('click', stop);
  scan.addEventListener('click', async () => {
    area.hidden = false;
    words.textContent = 'Présentez le badge devant la caméra.';
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
    } catch {
      words.textContent = 'La caméra ne répond pas. Tapez le code écrit sur le badge.';
      return;
    }
    video.srcObject = stream;
    await video.play();
    look(new window.BarcodeDetector({ formats: ['qr_code'] }));
  });
}
