// The picture of one network that one can zoom, move and click. Needs `NetworkCanvas`, which the printed replay uses too.
// Ties come as bytes of RECORD (see twins.py): two rows, bits (1 strong, 2 held, 4 new, 8 gone, 16 only in this world), how the tie came
// about, and its strength in hundredths.
class NetworkView {
  constructor(place, { onPerson, onTie, onPair, onHint, onMove, colour, label }) {
    this.canvas = document.createElement("canvas");
    this.canvas.className = "network";
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute("role", "img");
    this.hint = document.createElement("div");
    this.hint.className = "tie-hint";
    this.hint.hidden = true;
    place.append(this.canvas, this.hint);
    Object.assign(this, { onPerson, onTie, onPair, onHint, onMove, lines: [], faded: new Map(), scene: null, loose: false });
    this.view = { k: 1, x: 0, y: 0, chosen: [], near: [], why: null, bundles: null, differ: false, colour, pulled: null };
    this.still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.canvas.setAttribute("aria-label", label || "");
    this.listen();
    this.watcher = new ResizeObserver(() => this.paint());
    this.watcher.observe(this.canvas);
  }

  close() {
    this.watcher.disconnect();
    cancelAnimationFrame(this.waiting);
  }

  setScene(scene) {
    this.scene = scene;
    this.lines = [];
    this.faded.clear();
    this.paint();
  }

  // One frame: every tie of the week. What is new against the last frame fades in; a frame that was lost is healed by the next.
  setTies(bytes, reset) {
    const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), lines = [], now = performance.now();
    for (let at = 0; at + 7 <= bytes.byteLength; at += 7) {
      const bits = data.getUint8(at + 4);
      lines.push({ a: data.getUint16(at, true), b: data.getUint16(at + 2, true), strong: !!(bits & 1), held: !!(bits & 2),
        fresh: !!(bits & 4), gone: !!(bits & 8), only: !!(bits & 16), origin: data.getUint8(at + 5), strength: data.getUint8(at + 6) });
    }
    const before = new Set(this.lines.map((line) => this.key(line)));
    this.lines = lines;
    if (!reset && !this.still) {
      for (const line of lines) if ((line.fresh || line.gone) && !before.has(this.key(line))) this.faded.set(this.key(line), now);
    }
    this.paint();
  }

  key(line) { return line.a * 65536 + line.b + (line.gone ? 0.5 : 0); }

  mark({ chosen, why }) {
    this.view.chosen = chosen.filter((row) => row >= 0);
    this.view.why = why;
    this.paint();
  }

  paint() {
    if (this.waiting) return;
    this.waiting = requestAnimationFrame(() => { this.waiting = 0; this.drawNow(); });
  }

  drawNow() {
    if (!this.scene || !this.canvas.clientWidth) return;
    const now = performance.now(), shown = [];
    let moving = false;
    for (const line of this.lines) {
      if (!this.loose && !line.strong && !line.gone && !line.held) continue;
      const began = this.faded.get(this.key(line));
      const fade = began === undefined ? 1 : Math.min(1, (now - began) / 450);
      if (fade < 1) moving = true;
      else this.faded.delete(this.key(line));
      shown.push(fade < 1 ? { ...line, fade } : line);
    }
    this.view.bundles = this.scene.x.length > 300 && this.view.k < 1.8 ? this.count() : null;
    NetworkCanvas.draw(this.canvas, this.scene, shown, this.view);
    this.canvas.dataset.zoom = this.view.k.toFixed(2);
    if (moving) this.paint();
  }

  count() {
    const found = new Map(), school = this.scene.school;
    for (const line of this.lines) {
      if (!line.strong) continue;
      const a = Math.min(school[line.a], school[line.b]), b = Math.max(school[line.a], school[line.b]), key = a * 65536 + b;
      const one = found.get(key) || { a, b, count: 0 };
      one.count += 1;
      found.set(key, one);
    }
    return [...found.values()].sort((one, other) => (one.a === one.b ? 0 : 1) - (other.a === other.b ? 0 : 1));
  }

  // --- from the pointer to the scene, and back ---
  scale() { return Math.min(this.canvas.clientWidth / this.scene.width, this.canvas.clientHeight / this.scene.height); }
  toScene(event) {
    const box = this.canvas.getBoundingClientRect(), scale = this.scale();
    const left = (box.width - scale * this.scene.width) / 2, top = (box.height - scale * this.scene.height) / 2;
    return { x: ((event.clientX - box.left - left) / scale - this.view.x) / this.view.k, y: ((event.clientY - box.top - top) / scale - this.view.y) / this.view.k };
  }

  personAt({ x, y }) {
    if (this.view.bundles) return -1;
    let found = -1, nearest = (this.scene.dot * 2.2) ** 2;
    for (let row = 0; row < this.scene.x.length; row++) {
      const far = (this.scene.x[row] - x) ** 2 + (this.scene.y[row] - y) ** 2;
      if (far < nearest) { nearest = far; found = row; }
    }
    return found;
  }

  tieAt({ x, y }) {
    if (this.view.bundles) return null;
    let found = null, nearest = 6 / this.view.k;
    for (const line of this.lines) {
      if (line.gone || !(line.strong || line.held || this.loose)) continue;
      const c = NetworkCanvas.curve(this.scene, line);
      for (let t = 0.1; t < 0.95; t += 0.05) {
        const px = (1 - t) ** 2 * c.ax + 2 * t * (1 - t) * c.cx + t * t * c.bx, py = (1 - t) ** 2 * c.ay + 2 * t * (1 - t) * c.cy + t * t * c.by;
        const far = Math.hypot(px - x, py - y);
        if (far < nearest) { nearest = far; found = line; }
      }
    }
    return found;
  }

  zoom(factor, at) {
    const middle = at || { x: (this.scene.width / 2 - this.view.x) / this.view.k, y: (this.scene.height / 2 - this.view.y) / this.view.k };
    const k = Math.min(12, Math.max(1, this.view.k * factor));
    this.view.x += middle.x * (this.view.k - k);
    this.view.y += middle.y * (this.view.k - k);
    this.view.k = k;
    if (k === 1) this.view.x = this.view.y = 0;
    this.moved();
    this.paint();
  }

  // another picture of the same places goes along
  moved() { if (this.onMove) this.onMove(this.view); }
  follow({ k, x, y }) { Object.assign(this.view, { k, x, y }); this.paint(); }

  listen() {
    const canvas = this.canvas;
    let pressed = null;
    canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      this.zoom(Math.exp(-event.deltaY / 400), this.toScene(event));
    }, { passive: false });
    canvas.addEventListener("pointerdown", (event) => {
      const at = this.toScene(event);
      pressed = { at, row: this.personAt(at), x: event.clientX, y: event.clientY, moved: false };
      canvas.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener("pointermove", (event) => {
      const at = this.toScene(event), row = this.personAt(at);
      if (pressed && Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) > 4) pressed.moved = true;
      if (pressed && pressed.moved && pressed.row < 0) {
        const scale = this.scale();
        this.view.x += event.movementX / scale;
        this.view.y += event.movementY / scale;
        this.moved();
      }
      this.view.near = pressed && pressed.row >= 0 ? [pressed.row, row] : [row];
      this.view.pulled = pressed && pressed.row >= 0 && pressed.moved ? { row: pressed.row, x: at.x, y: at.y } : null;
      this.showHint(row < 0 && !pressed ? this.tieAt(at) : null, event);
      canvas.style.cursor = row >= 0 ? "pointer" : pressed ? "grabbing" : "grab";
      this.paint();
    });
    canvas.addEventListener("pointerup", (event) => {
      const at = this.toScene(event), row = this.personAt(at), start = pressed;
      pressed = this.view.pulled = null;
      this.paint();
      if (!start) return;
      if (start.row >= 0 && row >= 0 && row !== start.row) this.onPair(start.row, row);
      else if (!start.moved && row >= 0) this.onPerson(row);
      else if (!start.moved) { const line = this.tieAt(at); if (line) this.onTie(line.a, line.b); }
    });
    canvas.addEventListener("pointercancel", () => { pressed = this.view.pulled = null; this.paint(); });
    canvas.addEventListener("pointerleave", () => { this.view.near = []; this.showHint(null); this.paint(); });
    canvas.addEventListener("keydown", (event) => this.onKey(event));
  }

  // how a tie came about and how strong it is, beside the pointer
  showHint(line, event) {
    this.hint.hidden = !line || !this.onHint;
    if (this.hint.hidden) return;
    const box = this.canvas.getBoundingClientRect();
    this.hint.textContent = this.onHint(line);
    this.hint.style.left = `${Math.min(event.clientX - box.left + 12, box.width - this.hint.offsetWidth)}px`;
    this.hint.style.top = `${Math.max(0, event.clientY - box.top - 34)}px`;
  }

  // arrows: the nearest person in that direction; plus, minus, nought: zoom
  onKey(event) {
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }, step = steps[event.key];
    if (event.key === "+" || event.key === "=") this.zoom(1.3);
    else if (event.key === "-") this.zoom(1 / 1.3);
    else if (event.key === "0") this.zoom(1e-3);
    else if (step) {
      const from = this.view.chosen[0] ?? 0, scene = this.scene;
      let best = -1, least = Infinity;
      for (let row = 0; row < scene.x.length; row++) {
        const dx = scene.x[row] - scene.x[from], dy = scene.y[row] - scene.y[from], along = dx * step[0] + dy * step[1], aside = Math.abs(dx * step[1]) + Math.abs(dy * step[0]);
        if (along > 1 && along + 2 * aside < least) { least = along + 2 * aside; best = row; }
      }
      if (best >= 0) this.onPerson(best);
    } else return;
    event.preventDefault();
  }
}
