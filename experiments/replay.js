// Plays recorded worlds: changes of ties week by week, all worlds in step, with one control for all.
(() => {
  const data = JSON.parse(document.getElementById("replay-data").textContent);
  const HELD = 64, STRONG = 32, PERIOD = 8, GONE_FOR = 3, people = data.scene.x.length;
  const say = (name, places) => Object.entries(places || {}).reduce((text, [place, value]) => text.replace(`{${place}}`, value), data.texts[name]);

  // states of every week, decoded once: world → week → Uint8Array(people * people)
  const worlds = data.worlds.map((world) => {
    const raw = Uint8Array.from(atob(world.changes), (letter) => letter.charCodeAt(0)), view = new DataView(raw.buffer);
    const weeks = [], now = new Uint8Array(people * people);
    let at = 0;
    for (const count of world.weeks) {
      for (let k = 0; k < count; k++, at += 5) now[view.getUint16(at, true) * people + view.getUint16(at + 2, true)] = view.getUint8(at + 4);
      weeks.push(now.slice());
    }
    return { ...world, weeks };
  });
  const last = worlds[0].weeks.length - 1;

  const either = (states, a, b) => states[a * people + b] | states[b * people + a];
  function linesOf(world, week, loose) {
    const now = world.weeks[week], before = world.weeks[Math.max(0, week - PERIOD)], ago = world.weeks[Math.max(0, week - GONE_FOR)], lines = [];
    for (let a = 0; a < people; a++)
      for (let b = a + 1; b < people; b++) {
        const state = either(now, a, b), strong = (state & STRONG) > 0;
        if (strong) lines.push({ a, b, strong, held: (state & HELD) > 0, fresh: week > 0 && !(either(before, a, b) & STRONG) });
        else if (week > 0 && either(ago, a, b) & STRONG) lines.push({ a, b, gone: true });
        else if (loose && state) lines.push({ a, b });
      }
    return lines;
  }

  const byId = (name) => document.getElementById(name), slider = byId("week"), button = byId("play"), loose = byId("loose");
  const canvases = [...document.querySelectorAll("canvas[data-world]")], counts = [...document.querySelectorAll("[data-count]")];
  const course = byId("course"), reduced = matchMedia("(prefers-reduced-motion: reduce)").matches;
  let timer = null;

  function drawCourse(week) {
    const width = course.clientWidth || 600, height = 150, sharp = window.devicePixelRatio || 1, left = 34, right = 12, top = 10, bottom = 24;
    course.width = width * sharp; course.height = height * sharp; course.style.height = `${height}px`;
    const c = course.getContext("2d"), most = Math.max(1, ...worlds.flatMap((world) => world.lasting)) * 1.08;
    const x = (at) => left + (at / last) * (width - left - right), y = (value) => top + (1 - value / most) * (height - top - bottom);
    c.setTransform(sharp, 0, 0, sharp, 0, 0);
    c.clearRect(0, 0, width, height);
    c.fillStyle = "#F0F3F4"; c.fillRect(x(data.dates[0]), top, x(last) - x(data.dates[0]), height - top - bottom);
    c.font = "14px Roboto"; c.fillStyle = "#485561"; c.textAlign = "right";
    for (let tick = 0; tick <= most; tick += most > 50 ? 20 : 10) {
      c.fillText(String(tick), left - 6, y(tick) + 5);
      c.strokeStyle = "#DFE4E7"; c.lineWidth = 1; c.beginPath(); c.moveTo(left, y(tick)); c.lineTo(width - right, y(tick)); c.stroke();
    }
    c.textAlign = "center";
    for (const at of [0, ...data.dates]) c.fillText(String(at), x(at), height - 6);
    for (const world of worlds) {
      c.strokeStyle = world.colour; c.lineWidth = 2.5; c.beginPath();
      world.lasting.forEach((value, at) => c[at ? "lineTo" : "moveTo"](x(at), y(value)));
      c.stroke();
    }
    c.strokeStyle = "#1B2733"; c.lineWidth = 1.5; c.beginPath(); c.moveTo(x(week), top - 6); c.lineTo(x(week), height - bottom); c.stroke();
  }

  function show(week) {
    slider.value = week;
    const phase = week <= data.dates[0] ? say("led") : say("alone");
    byId("now").textContent = `${say("week", { week })} · ${phase}`;
    slider.setAttribute("aria-valuetext", byId("now").textContent);
    worlds.forEach((world, at) => {
      const lines = linesOf(world, week, loose.checked), strong = lines.filter((line) => line.strong);
      const across = strong.filter((line) => data.scene.school[line.a] !== data.scene.school[line.b]).length;
      counts[at].textContent = say("count", { strong: strong.length, across });
      canvases[at].setAttribute("aria-label", `${canvases[at].dataset.name}, ${byId("now").textContent}: ${counts[at].textContent}`);
      NetworkCanvas.draw(canvases[at], data.scene, lines);
    });
    drawCourse(week);
  }

  function pause() { clearInterval(timer); timer = null; button.textContent = say("play"); }
  function play() {
    if (Number(slider.value) >= last) slider.value = 0;
    button.textContent = say("pause");
    timer = setInterval(() => { const week = Number(slider.value) + 1; show(week); if (week >= last) pause(); }, reduced ? 1200 : 300);
  }
  button.addEventListener("click", () => (timer ? pause() : play()));
  slider.addEventListener("input", () => { pause(); show(Number(slider.value)); });
  loose.addEventListener("change", () => show(Number(slider.value)));
  addEventListener("keydown", (event) => { if (event.key === " " && event.target === document.body) { event.preventDefault(); button.click(); } });
  addEventListener("resize", () => show(Number(slider.value)));
  const asked = Number(new URLSearchParams(location.search).get("week") || location.hash.slice(1));
  show(Math.min(last, Math.max(0, asked || 0)));
  if (document.fonts) document.fonts.ready.then(() => show(Number(slider.value)));
})();
