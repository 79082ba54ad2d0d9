// The page Explore: settings, two worlds side by side, one person, time, and five outcomes. Python owns the worlds and every word.
class Explore {
  constructor(model, el) {
    this.model = model;
    this.root = element("div", { class: "lw-explore" });
    el.append(this.root);
    this.send = (message) => model.send(message);
    this.views = [];
    this.loose = this.differ = false;
    this.setting = model.get("setting");
    this.onSetting = () => { this.setting = model.get("setting"); this.build(); this.show(true); };
    this.onFrame = () => this.show(false);
    model.on("change:setting", this.onSetting);
    model.on("change:state", this.onFrame);
    model.on("change:frame", this.onFrame);
    this.onKey = (event) => {
      if (event.key === " " && event.target === document.body) { event.preventDefault(); this.send({ do: "play", on: !this.state().playing }); }
    };
    document.addEventListener("keydown", this.onKey);
    this.build();
    this.show(true);
  }

  close() {
    for (const view of this.views) view.close();
    this.model.off("change:setting", this.onSetting);
    this.model.off("change:state", this.onFrame);
    this.model.off("change:frame", this.onFrame);
    document.removeEventListener("keydown", this.onKey);
  }

  state() { return this.model.get("state") || {}; }
  say(name) { return (this.setting.say || {})[name] || ""; }

  // --- what stays while weeks go by ---
  build() {
    for (const view of this.views) view.close();
    const kept = this.views.map((view) => view.view);
    this.views = [];
    if (!this.setting.say) return;
    this.root.lang = this.setting.lang;
    this.root.replaceChildren(this.rail(), this.middle(), this.aside(), this.time(), this.charts());
    if (this.setting.scene) this.worlds(kept);
  }

  rail() {
    const names = this.setting.names, choose = () => this.send({ do: "ways", names: selects.map((one) => one.value) });
    const selects = [0, 1].map((at) => element("select", { "aria-label": this.say(at ? "second" : "first"), onchange: choose, "data-way": at },
      ...[["plain_ways", true], ["scenarios", false]].map(([label, plain]) => element("optgroup", { label: this.say(label) },
        ...Object.entries(this.setting.ways).filter(([id]) => id in this.setting.policies === plain).map(([id, name]) => element("option", { value: id, selected: id === names[at] }, name))))));
    const weeks = this.slider({ name: "weeks", label: this.say("weeks"), low: 8, high: 80, step: 4, value: this.setting.weeks, told: this.say("week_n").replace("{week}", this.setting.weeks) });
    const number = element("input", { type: "number", min: 1, max: 10000, value: this.setting.number, id: "lw-number",
      onchange: (event) => this.send({ do: "world", number: Number(event.target.value) }) });
    const files = element("input", { type: "file", multiple: true, accept: ".csv,.graphml,.xml", id: "lw-own", class: "sr", onchange: (event) => this.own(event.target.files) });
    return element("section", { class: "rail", "aria-label": this.say("settings") },
      element("h2", {}, this.say("ways")), ...selects,
      element("h2", {}, this.say("levers")), ...this.setting.levers.map((one) => this.slider(one)), weeks,
      element("h2", { class: "unk" }, this.say("unknown"), element("small", {}, this.say("tick"))),
      element("div", { class: "list", tabindex: 0, "aria-label": this.say("unknown") }, ...this.setting.unknown.map((one) => this.slider(one))),
      element("div", { class: "foot" }, element("label", { for: "lw-number" }, this.say("number")), number,
        element("button", { class: "plain", onclick: () => this.send({ do: "usual" }) }, this.say("usual")),
        element("label", { for: "lw-own", class: "plain button" }, this.say("own")), files));
  }

  slider(one) {
    const range = element("input", { type: "range", min: one.low, max: one.high, step: one.step, "aria-label": one.label, "aria-valuetext": one.told, "data-name": one.name });
    range.value = one.value;
    const share = one.neutral === null || one.neutral === undefined ? null : (one.neutral - one.low) / (one.high - one.low);
    if (share !== null && share >= 0 && share <= 1) { range.classList.add("mid"); range.style.setProperty("--tick", `${100 * share}%`); }
    range.style.setProperty("--v", `${100 * (one.value - one.low) / (one.high - one.low)}%`);
    range.addEventListener("input", () => range.style.setProperty("--v", `${100 * (range.value - one.low) / (one.high - one.low)}%`));
    range.addEventListener("change", () => this.send({ do: "set", name: one.name, value: Number(range.value) }));
    return element("label", { class: one.value === one.usual || one.usual === undefined ? "sl" : "sl moved" }, element("span", {}, one.label), element("output", {}, one.told), range);
  }

  async own(list) {
    const files = {};
    for (const file of [...list].slice(0, 4)) files[file.name] = file.size > 2e6 ? "x".repeat(2_100_000) : await file.text();
    this.send({ do: "own", files });
  }

  middle() {
    this.heads = [0, 1].map(() => element("div", { class: "wh" }));
    this.places = [0, 1].map(() => element("div", { class: "n" }));
    this.told = element("p", { class: "told", role: "status", "aria-live": "polite" });
    const check = (name, act) => element("label", { class: "check" }, element("input", { type: "checkbox", "data-show": name, checked: !!this[name],
      onchange: (event) => { this[name] = event.target.checked; for (const view of this.views) { act(view, this[name]); view.paint(); } } }), this.say(name));
    const zooms = [["+", 1.4, "zoom_in"], ["−", 1 / 1.4, "zoom_out"], ["⤢", 1e-3, "zoom_all"]].map(([sign, factor, name]) =>
      element("button", { "aria-label": this.say(name), title: this.say(name), onclick: () => this.views[0].zoom(factor) }, sign));
    const key = (role) => { const one = element("span", {}, this.say(role)); one.insertAdjacentHTML("afterbegin", shape(role)); return one; };
    const line = (name) => { const one = element("span", {}, this.say(name)); one.insertAdjacentHTML("afterbegin", LINES[name]); return one; };
    return element("section", { class: "worlds", "aria-label": this.say("two_worlds") },
      element("div", { class: "same" }, this.say("same"), " ", element("span", { class: "muted" }, this.setting.people || "")), ...this.heads, ...this.places,
      element("div", { class: "legend" }, ...["teacher", "coach", "leader", "board"].map(key), ...["new", "gone", "held"].map(line),
        check("loose", (view, on) => { view.loose = on; }), check("differ", (view, on) => { view.view.differ = on; }), element("span", { class: "zoom" }, ...zooms)), this.told);
  }

  worlds(kept) {
    this.views = this.places.map((place, at) => {
      const view = new NetworkView(place, {
        onPerson: (row) => this.send({ do: "choose", row }), onTie: (one, other) => this.send({ do: "explain", one, other }),
        onPair: (one, other) => this.send({ do: "introduce", one, other }), onHint: (line) => this.hint(line), label: "",
        onMove: (where) => { for (const other of this.views) if (other.view !== where) other.follow(where); },
        colour: (this.state().worlds || [])[at] ? this.state().worlds[at].colour : "#17495C",
      });
      if (kept[at] && kept[at].k) Object.assign(view.view, { k: kept[at].k, x: kept[at].x, y: kept[at].y });
      Object.assign(view.view, { differ: this.differ });
      view.loose = this.loose;
      view.setScene({ ...this.setting.scene });
      return view;
    });
  }

  hint(line) {
    const names = this.state().names || [];
    return this.say("tie_hint").replace("{one}", names[line.a]).replace("{other}", names[line.b])
      .replace("{origin}", this.setting.origins[line.origin]).replace("{strength}", line.strength);
  }

  // lead one of the two worlds differently from this week on
  branch() {
    const worlds = Object.entries(this.setting.worlds || {});
    return element("select", { class: "branch", "aria-label": this.say("branch"), onchange: (event) => { const [from, by] = event.target.value.split("|"); event.target.selectedIndex = 0; this.send({ do: "branch", from, by }); } },
      element("option", { value: "" }, `${this.say("branch")} …`),
      ...worlds.map(([id, name]) => element("optgroup", { label: this.say("from_here").replace("{name}", name) },
        ...Object.entries(this.setting.policies).map(([policy, label]) => element("option", { value: `${id}|${policy}` }, label)))));
  }

  aside() {
    this.panel = element("div", { class: "card" });
    return element("aside", { class: "person", "aria-label": this.say("person") }, this.panel);
  }

  time() {
    const button = (name, act, label, extra) => { const one = element("button", { class: extra || "", "aria-label": this.say(label), title: this.say(label), onclick: act }); one.innerHTML = icon(name); return one; };
    const go = (step) => () => this.send({ do: "to", week: this.state().week + step });
    this.playButton = button("play", () => this.send({ do: "play", on: !this.state().playing }), "play", "main");
    this.week = element("input", { type: "range", min: 0, max: 80, value: 0, "aria-label": this.say("week"), onchange: (event) => this.send({ do: "to", week: Number(event.target.value) }) });
    this.band = element("div", { class: "band", "aria-hidden": "true" });
    const speed = element("select", { "aria-label": this.say("speed"), onchange: (event) => this.send({ do: "speed", value: Number(event.target.value) }) },
      ...[1, 2, 4, 8].map((value) => element("option", { value, selected: value === (this.state().speed || 2) }, this.say("speed_n").replace("{n}", value))));
    return element("section", { class: "time", "aria-label": this.say("time") },
      element("div", { class: "ctl" }, button("start", () => this.send({ do: "to", week: 0 }), "rewind"), button("back", go(-1), "one_back"), this.playButton, button("on", go(1), "one_on"), speed, this.branch()),
      element("div", { class: "tl" }, this.band, this.week));
  }

  charts() {
    this.multi = element("section", { class: "multi", "aria-label": this.say("outcomes") });
    return this.multi;
  }

  // --- what changes every week ---
  show(whole) {
    const state = this.state();
    if (!this.heads || !state.worlds) return;
    this.root.classList.toggle("busy", !!state.busy);
    this.told.textContent = state.problem || state.note || (state.busy ? this.say("busy") : "");
    this.told.classList.toggle("problem", !!state.problem);
    this.playButton.innerHTML = icon(state.playing ? "pause" : "play");
    this.playButton.setAttribute("aria-label", this.say(state.playing ? "pause" : "play"));
    this.week.max = state.last; this.week.value = state.week;
    this.week.style.setProperty("--v", `${100 * state.week / state.last}%`);
    this.week.setAttribute("aria-valuetext", this.say("week_n").replace("{week}", state.week));
    this.showBand(state);
    state.worlds.forEach((world, at) => {
      this.heads[at].style.borderColor = world.colour;
      this.heads[at].replaceChildren(element("h2", {}, world.name), element("em", {}, this.say("week_n").replace("{week}", state.week)));
      this.heads[at].firstChild.insertAdjacentHTML("afterbegin", mark(at, world.colour));
    });
    this.showFrame(state, whole);
    this.showPerson(state);
    this.showCharts(state);
    if (!state.busy) this.root.dataset.week = state.week;
  }

  showFrame(state, whole) {
    const frame = this.model.get("frame");
    if (!frame || !frame.byteLength || !this.views.length) return;
    const data = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
    let at = 0;
    this.views.forEach((view, number) => {
      if (at + 4 > frame.byteLength) return;
      const size = data.getUint32(at, true);
      view.scene.names = state.names;
      view.view.colour = state.worlds[number].colour;
      view.setTies(new Uint8Array(frame.buffer, frame.byteOffset + at + 4, size), whole || state.jumped);
      view.mark({ chosen: [state.chosen, ...(state.tie || [])], why: state.tie && state.tie[0] >= 0 ? { a: state.tie[0], b: state.tie[1] } : null });
      view.canvas.setAttribute("aria-label", state.worlds[number].told);
      at += 4 + size;
    });
  }

  showBand(state) {
    const stop = 100 * state.stop / state.last;
    this.band.replaceChildren(element("span", { class: "led", style: `width:${stop}%` }, this.say("led")), element("span", { class: "alone", style: `width:${100 - stop}%` },
      element("b", {}, this.say("stops").replace("{week}", state.stop)), element("i", {}, this.say("alone"))));
  }

  // the list of everybody, made anew only when somebody came or left
  everybody(state) {
    const key = JSON.stringify([state.names, this.setting.lang]);
    if (this.listed !== key) {
      this.listed = key;
      const roles = this.setting.scene ? this.setting.scene.roles : [];
      const choice = element("select", { "aria-label": this.say("choose_person"), onchange: (event) => this.send({ do: "choose", row: Number(event.target.value) }) },
        element("option", { value: -1 }, this.say("nobody")), ...(state.names || []).map((name, row) => element("option", { value: row }, `${name} · ${roles[row] || ""}`)));
      this.list = element("label", { class: "hint" }, this.say("click_anyone"), choice);
    }
    this.list.lastChild.value = state.chosen;
    return this.list;
  }

  // people of one's own, read and not shown yet
  offer(offer) {
    const answer = (show) => element("button", { class: show ? "plain chosen" : "plain", "data-own": show ? "show" : "cancel", onclick: () => this.send({ do: "offer", show }) }, this.say(show ? "own_show" : "own_cancel"));
    this.panel.replaceChildren(element("h2", {}, offer.title), element("p", {}, offer.count), element("p", {}, this.say("own_safe")), element("div", { class: "answers" }, answer(true), answer(false)),
      element("table", {}, ...offer.rows.map((row) => element("tr", {}, element("td", {}, row.school), element("td", {}, row.told)))),
      ...offer.notes.map((note) => element("p", { class: "muted" }, note)));
  }

  showPerson(state) {
    const key = JSON.stringify([state.person, state.why, state.offer, state.names, state.worlds.map((world) => world.name), this.setting.lang, state.person && state.week]);
    if (key === this.told_of && this.panel.childNodes.length) return;
    this.told_of = key;
    if (state.offer) { this.offer(state.offer); return; }
    const person = state.person, hint = this.everybody(state);
    if (!person) { this.panel.replaceChildren(element("p", { class: "muted" }, this.say("explain_panel")), hint); return; }
    const head = element("header", {}, element("span", { class: "shape" }), element("div", {}, element("b", {}, person.names.join(" / ")), element("span", {}, person.place)));
    head.firstChild.innerHTML = shape(person.role);
    const table = element("table", {}, element("tr", {}, element("td", { class: "muted" }, this.say("week_n").replace("{week}", state.week)), ...state.worlds.map((world, at) => { const one = element("th", { title: world.name }); one.innerHTML = mark(at, world.colour); return one; })),
      ...person.facts.map((fact) => element("tr", {}, element("td", {}, fact.label), ...fact.values.map((value) => element("td", { class: "v" }, String(value))))));
    const parts = [head, table];
    if (state.why) parts.push(...this.why(state.why, state));
    else parts.push(element("h3", {}, this.say("turns_to")), element("ul", { class: "alters" }, ...person.alters.slice(0, 9).map((one) => {
      const made = element("li", {}, element("button", { class: "plain", onclick: () => this.send({ do: "explain", one: person.row, other: one.row }) }, one.name),
        element("small", {}, one.origin), element("span", {}));
      made.lastChild.innerHTML = one.in.map((there, at) => (there ? mark(at, state.worlds[at].colour) : '<svg viewBox="0 0 24 24"></svg>')).join("");
      return made;
    })));
    this.panel.replaceChildren(...parts, hint);
  }

  why(why, state) {
    const most = Math.max(0.5, ...why.worlds.flatMap((world) => world.terms.map((term) => Math.abs(term.value))));
    return [element("h3", {}, why.title), ...why.worlds.flatMap((world, at) => {
      const sentence = element("p", { class: "sentence" }, world.sentence);
      sentence.insertAdjacentHTML("afterbegin", mark(at, state.worlds[at].colour));
      const bars = element("div", { class: "pro" }, ...world.terms.slice(0, 4).flatMap((term) => [element("span", {}, term.label), element("i", { class: term.value < 0 ? "neg" : "", style: `--w:${(46 * Math.abs(term.value) / most).toFixed(0)}` })]));
      return at ? [sentence] : [sentence, bars];
    })];
  }

  showCharts(state) {
    this.multi.replaceChildren(...state.charts.map((chart) => {
      const box = element("figure", {}, element("figcaption", {}, chart.title));
      box.insertAdjacentHTML("beforeend", this.chart(chart, state));
      return box;
    }));
  }

  chart(chart, state) {
    const W = 300, H = 128, left = 30, right = 34, top = 8, bottom = 22, all = chart.lines.flat();
    const most = chart.whole ? 100 : niceTop(Math.max(1, ...all)), x = (week) => left + (week / state.last) * (W - left - right), y = (value) => top + (1 - value / most) * (H - top - bottom);
    const paths = chart.lines.map((line, at) => `<path fill="none" stroke="${state.worlds[at].colour}" stroke-width="2" d="${line.map((value, week) => `${week ? "L" : "M"}${x(week).toFixed(1)} ${y(value).toFixed(1)}`).join("")}"/>`);
    const ends = chart.lines.map((line, at) => ({ y: y(line[line.length - 1]), at })).sort((one, other) => one.y - other.y);
    if (ends.length > 1 && ends[1].y - ends[0].y < 15) { const middle = (ends[0].y + ends[1].y) / 2; ends[0].label = middle - 7.5; ends[1].label = middle + 7.5; }
    const end = x(state.week), marks = ends.map((one) => `${one.at ? `<circle cx="${end}" cy="${one.y}" r="4.2"` : `<rect x="${end - 4}" y="${one.y - 4}" width="8" height="8"`} fill="${state.worlds[one.at].colour}"/>
      <text x="${end + 9}" y="${(one.label ?? one.y) + 5}" class="end" style="fill:${state.worlds[one.at].text}">${chart.told[one.at]}</text>`);
    const ticks = [0, most / 2, most].map((value) => `<line x1="${left}" x2="${W - right}" y1="${y(value)}" y2="${y(value)}" class="grid"/><text x="${left - 5}" y="${y(value) + 4}" text-anchor="end">${value}</text>`);
    return `<svg viewBox="0 0 ${W} ${H}" role="img" aria-label="${chart.title}: ${state.worlds.map((world, at) => `${world.name} ${chart.told[at]}`).join(", ")}">
      <rect x="${x(state.stop)}" y="${top}" width="${x(state.last) - x(state.stop)}" height="${H - top - bottom}" class="tint"/>${ticks.join("")}
      <line x1="${x(state.stop)}" x2="${x(state.stop)}" y1="${top}" y2="${H - bottom}" class="stop"/>${[0, state.stop, state.last].map((week) => `<text x="${x(week)}" y="${H - 5}" text-anchor="middle">${week}</text>`).join("")}${paths.join("")}${marks.join("")}</svg>`;
  }
}

function niceTop(most) {
  const size = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 4, 6, 8, 10].map((step) => step * size).find((top) => top >= most * 1.02);
}

export default {
  render({ model, el }) {
    const page = new Explore(model, el);
    return () => page.close();
  },
};
