// The page Workshop: one slide. Left the network, what happened, and the log; right look, predict, choose, play; after the last round, what
// remains. Python owns the game and every word; a choice lives here until it is played.
class Workshop {
  constructor(model, el) {
    this.model = model;
    this.root = element("div", { class: "lw-workshop" });
    el.append(this.root);
    this.send = (message) => model.send(message);
    this.hand = new Map();
    this.guess = { dial: "ties", direction: "" };
    this.aim = "";
    this.name = "";
    this.view = null;
    this.onSetting = () => { this.build(); this.show(true); };
    this.onState = () => this.show(false);
    model.on("change:setting", this.onSetting);
    model.on("change:state", this.onState);
    model.on("change:frame", this.onState);
    this.build();
    this.show(true);
  }

  close() {
    if (this.view) this.view.close();
    this.model.off("change:setting", this.onSetting);
    this.model.off("change:state", this.onState);
    this.model.off("change:frame", this.onState);
  }

  get setting() { return this.model.get("setting") || {}; }
  get state() { return this.model.get("state") || {}; }
  say(name) { return (this.setting.say || {})[name] || ""; }
  hours() { return this.setting.cards.reduce((sum, card) => sum + card.leader * ((this.hand.get(card.kind) || {}).times || 0), 0); }

  // --- what stays ---
  build() {
    if (!this.setting.say) return;
    const kept = this.view && this.view.view;
    if (this.view) this.view.close();
    this.root.lang = this.setting.lang;
    this.clock = element("ol", { class: "clock" });
    this.net = element("div", { class: "net" });
    this.after = element("div", { class: "after" });
    this.panel = element("section", { class: "panel" });
    this.said = element("p", { class: "said", role: "status", "aria-live": "polite" });
    const key = (role) => { const one = element("span", {}, this.say(role)); one.insertAdjacentHTML("afterbegin", shape(role)); return one; };
    const line = (name) => { const one = element("span", {}, this.say(name)); one.insertAdjacentHTML("afterbegin", LINES[name]); return one; };
    const zooms = [["+", 1.4], ["−", 1 / 1.4], ["⤢", 1e-3]].map(([sign, factor]) => element("button", { "aria-label": sign, onclick: () => this.view.zoom(factor) }, sign));
    this.net.append(element("div", { class: "legend who" }, ...["teacher", "coach", "leader", "board"].map(key)),
      element("div", { class: "legend ties" }, ...["new", "gone", "held"].map(line), element("span", { class: "zoom" }, ...zooms)));
    this.root.replaceChildren(this.clock, element("div", { class: "slide" }, element("div", { class: "left" }, this.net, this.after), this.panel), this.said);
    if (this.setting.scene) {
      this.view = new NetworkView(this.net, { onPerson: (row) => this.mark(row), onTie: () => {}, onPair: () => {}, label: "" });
      if (kept) Object.assign(this.view.view, { k: kept.k, x: kept.x, y: kept.y });
      this.view.setScene({ ...this.setting.scene });
    }
    this.stage = "";
  }

  mark(row) {
    const chosen = this.view.view.chosen;
    this.view.mark({ chosen: chosen.includes(row) ? chosen.filter((one) => one !== row) : [...chosen, row].slice(-4), why: null });
  }

  // --- what changes ---
  show(whole) {
    const state = this.state;
    if (!this.setting.say || !state.stage) return;
    this.said.textContent = state.problem || "";
    if (this.view && state.names) {
      this.view.scene.names = state.names;
      const frame = this.model.get("frame");
      if (frame && frame.byteLength) this.view.setTies(new Uint8Array(frame.buffer, frame.byteOffset, frame.byteLength), whole);
      const place = `${state.stage}-${state.round}`;
      if (place !== this.marked) { this.view.mark({ chosen: state.stage === "playing" ? [] : state.named || [], why: null }); this.marked = place; }
      this.view.canvas.setAttribute("aria-label", [state.period, ...(state.told || [])].join(". "));
    }
    const place = `${state.stage}-${state.round}-${this.setting.lang}`;
    if (state.stage === "playing") this.showPlaying(state);
    else if (whole || place !== this.stage || state.stage === "reveal") this.showStill(state);
    this.stage = place;
    this.root.dataset.stage = state.stage;
    this.root.dataset.round = state.round || 0;
  }

  showPlaying(state) {
    const button = this.panel.querySelector(".play");
    if (button) { button.textContent = state.playing; button.disabled = true; }
    this.panel.querySelectorAll("button, input").forEach((one) => { one.disabled = true; });
  }

  showStill(state) {
    this.showClock(state);
    this.showAfter(state);
    if (state.stage === "reveal") this.showReveal(state);
    else if (state.stage !== "busy") this.showChoice(state);
  }

  showClock(state) {
    const items = Array.from({ length: state.rounds || 0 }, (_, at) => {
      const now = at + 1 === state.round && state.stage === "choose";
      return element("li", { class: now ? "now" : at + 1 < state.round ? "done" : "", "aria-current": now ? "step" : null }, now ? state.period : String(at + 1));
    });
    const year = state.stage === "hands_off" || state.stage === "reveal";
    const lengths = [[3, "short"], [5, "long"]].map(([rounds, name]) => element("button", { class: "plain", onclick: () => this.restart(rounds) }, this.say(name)));
    this.clock.replaceChildren(...items, element("li", { class: year ? "off now" : "off" }, state.year_two || ""),
      element("li", { class: "tools" }, element("span", {}, this.say("restart")), ...lengths, this.guide()));
  }

  guide() {
    if (!this.setting.guide) return null;
    return element("button", { class: "plain", onclick: () => window.open(URL.createObjectURL(new Blob([this.setting.guide], { type: "text/html" }))) }, this.say("guide"));
  }

  restart(rounds) { this.hand.clear(); this.guess.direction = ""; this.send({ do: "restart", rounds }); }

  head(number, name, state, small) {
    return element("h2", { class: state }, element("i", {}, String(number)), name, small ? element("small", {}, small) : null);
  }

  showAfter(state) {
    const back = element("div", {}, this.head(5, state.told_title || this.say("look"), state.told.length ? "now" : ""),
      element("ul", { class: "feed" }, ...(state.told.length ? state.told : state.messages || []).map((one) => element("li", {}, one))));
    const log = element("input", { type: "text", maxlength: 300, placeholder: this.say("because"), "aria-label": this.say("log"),
      onchange: (event) => this.send({ do: "why", round: state.round - 1, text: event.target.value }) });
    log.value = state.log || "";
    this.after.replaceChildren(back, state.told.length && state.stage !== "reveal" ? element("div", { class: "log" }, this.head(6, this.say("log"), "now"), log) : element("div", {}));
  }

  dial(one) {
    const share = Math.min(1, Math.max(0, one.value / 100)), arc = Math.PI * 54;
    const turn = one.was === null || one.was === undefined ? null : -90 + 1.8 * Math.min(100, Math.max(0, one.was));
    const box = element("div", { class: "dial" });
    box.innerHTML = `<svg viewBox="0 0 160 100" role="img" aria-label="${one.name}: ${one.value}"><path d="M26 88A54 54 0 0 1 134 88" fill="none" stroke="#E4EAEC" stroke-width="14"/>
      <path d="M26 88A54 54 0 0 1 134 88" fill="none" stroke="#17495C" stroke-width="14" stroke-dasharray="${share * arc} ${arc}"/>
      ${turn === null ? "" : `<path d="M75 16L85 16L80 25Z" transform="rotate(${turn} 80 88)"/>`}<text x="80" y="84" text-anchor="middle">${one.value}</text></svg>`;
    box.append(element("b", {}, one.name), element("small", {}, one.more));
    return box;
  }

  showChoice(state) {
    const off = state.stage === "hands_off";
    const guesses = Object.entries(this.setting.directions).map(([name, shown]) => element("button", { "aria-pressed": String(this.guess.direction === name),
      onclick: () => { this.guess.direction = this.guess.direction === name ? "" : name; this.showChoice(state); } }, `${{ up: "↑", same: "=", down: "↓" }[name]} ${shown}`));
    const about = element("select", { "aria-label": this.say("predict"), onchange: (event) => { this.guess.dial = event.target.value; } },
      ...Object.entries(this.setting.dials).map(([name, shown]) => element("option", { value: name, selected: name === this.guess.dial }, shown)));
    const parts = [element("div", {}, this.head(1, this.say("look"), "now", this.say("scale")), element("div", { class: "dials" }, ...state.dials.map((one) => this.dial(one))),
      element("p", { class: "messages" }, (state.told.length ? state.messages : []).join("  ")))];
    if (!off) {
      parts.push(element("div", {}, this.head(2, this.say("predict"), "now"), element("div", { class: "seg" }, about, ...guesses)));
      parts.push(this.choice());
    }
    parts.push(element("button", { class: "play", onclick: () => this.playNow(state) }, off ? "" : element("i", {}, "4"), off ? state.hands_off : state.play, " ▶"));
    const scroll = this.panel.querySelector(".cards"), top = scroll && this.shown === state.round ? scroll.scrollTop : 0;
    this.shown = state.round;
    this.panel.replaceChildren(...parts);
    if (this.panel.querySelector(".cards")) this.panel.querySelector(".cards").scrollTop = top;
  }

  choice() {
    const used = this.hours(), left = this.setting.hours - used;
    const pips = element("div", { class: "pips", "aria-hidden": "true" }, ...Array.from({ length: this.setting.hours }, (_, at) => element("i", { class: at < used ? "used" : "" })));
    const text = this.setting.hours_left.replace("{left}", String(left).replace(".", this.setting.lang === "nl" ? "," : ".")).replace("{hours}", this.setting.hours);
    const heads = element("div", { class: "heads", "aria-hidden": "true" }, element("span", {}), element("span", {}), element("span", {}, this.say("hours_leader")), element("span", {}, this.say("colleague")), element("span", {}, this.say("voluntary")));
    return element("div", { class: "choose" }, this.head(3, this.say("choose"), "now"), element("div", { class: "budget" }, pips, element("b", { role: "status" }, text)), heads,
      element("div", { class: "cards" }, ...this.setting.cards.map((card) => this.card(card, left))));
  }

  card(card, left) {
    const play = this.hand.get(card.kind), count = play ? play.times : 0, fits = card.leader <= left + 1e-9 && count < card.most;
    const set = (next) => { if (next) this.hand.set(card.kind, { ...(play || {}), times: next }); else this.hand.delete(card.kind); this.showChoice(this.state); };
    const vol = { yes: '<circle cx="8" cy="8" r="6.5" fill="#485561"/>', partly: '<circle cx="8" cy="8" r="6.5" fill="#fff"/><path d="M8 1.5a6.5 6.5 0 0 0 0 13z" fill="#485561"/>', no: '<circle cx="8" cy="8" r="6.5" fill="#fff"/>' }[card.voluntary];
    const mark = element("span", { class: "vol" }, this.say(card.voluntary));
    mark.insertAdjacentHTML("afterbegin", `<svg viewBox="0 0 16 16" aria-hidden="true" stroke="#485561">${vol}</svg>`);
    const main = element("button", { class: "main", title: card.more, "data-kind": card.kind, "aria-pressed": String(count > 0), disabled: !fits && !count, onclick: () => set(count ? 0 : 1) },
      element("span", { class: "box" }, count ? (count > 1 ? `${count}×` : "✓") : ""), element("span", { class: "what" }, card.name, element("small", {}, card.more)),
      element("em", {}, card.told_leader), element("em", {}, card.told_teacher), mark);
    if (!count) return element("div", { class: "card" }, main);
    const more = element("button", { class: "step", "data-more": card.kind, "aria-label": this.say("more_of").replace("{card}", card.name), disabled: !fits, onclick: () => set(count + 1) }, "+");
    const less = element("button", { class: "step", "aria-label": this.say("less_of").replace("{card}", card.name), onclick: () => set(count - 1) }, "−");
    const fields = [...(card.chooses ? ["whom"] : []), ...(card.meets ? ["what", "for"] : [])].map((name) => this.field(name, play));
    return element("div", { class: "card on" }, main, less, more, fields.length ? element("div", { class: "fields" }, ...fields) : null);
  }

  field(name, play) {
    const field = this.setting.fields[name], usual = { whom: "missed", what: "own", for: "school" }[name];
    return element("label", {}, field.label, element("select", { onchange: (event) => { play[name] = event.target.value; } },
      ...Object.entries(field.values).map(([value, shown]) => element("option", { value, selected: value === (play[name] || usual) }, shown))));
  }

  playNow(state) {
    if (state.stage === "hands_off") { this.send({ do: "hands_off" }); return; }
    const hand = [...this.hand.entries()].map(([card, play]) => ({ card, ...play }));
    this.hand.clear();
    this.send({ do: "play", hand, guess: this.guess.direction ? { ...this.guess } : null });
    this.guess = { dial: this.guess.dial, direction: "" };
  }

  // --- what remains ---
  showReveal(state) {
    const ends = state.ends;
    if (!ends) return;
    const focus = document.activeElement && this.panel.contains(document.activeElement) ? document.activeElement.id : "";
    const code = element("code", {}, ends.code);
    const copy = element("button", { class: "plain", onclick: () => navigator.clipboard && navigator.clipboard.writeText(ends.code) }, this.say("copy"));
    const keep = element("button", { class: "plain", onclick: () => this.keep(ends) }, this.say("download"));
    const name = element("input", { type: "text", id: "lw-name", maxlength: 60, placeholder: this.say("name"), "aria-label": this.say("name"), onchange: (event) => { this.name = event.target.value; this.send({ do: "name", text: this.name }); } });
    name.value = this.name;
    const aim = element("input", { type: "text", id: "lw-aim", maxlength: 300, placeholder: this.say("aim"), "aria-label": this.say("aim"), onchange: (event) => { this.aim = event.target.value; this.send({ do: "name", aim: this.aim }); } });
    aim.value = this.aim;
    const twenty = element("button", { class: "plain wide", disabled: ends.tables < 0, onclick: () => this.send({ do: "twenty" }) }, this.say("twenty"));
    const input = element("input", { type: "text", id: "lw-code", placeholder: this.say("enter"), "aria-label": this.say("enter"), onkeydown: (event) => { if (event.key === "Enter") add(); } });
    const add = () => this.send({ do: "add", code: input.value });
    const file = element("input", { type: "file", accept: ".json", "aria-label": this.say("file"), onchange: async (event) => { if (event.target.files[0]) this.send({ do: "add", file: (await event.target.files[0].text()).slice(0, 250000) }); } });
    const busy = ends.again || ends.again_busy;
    this.panel.replaceChildren(element("h2", {}, this.say("reveal")), element("div", { class: "codes" }, aim), element("p", { class: "muted" }, this.say("dumbbell")),
      element("div", { class: "five" }, ...ends.dials.map((dial) => this.strip(dial))), element("p", { class: "muted", role: "status" }, busy), twenty,
      element("div", { class: "codes" }, element("span", {}, this.say("code")), code, copy, keep, name),
      element("div", { class: "codes" }, input, element("button", { class: "plain", id: "lw-add", onclick: add }, this.say("add")), file),
      element("p", { class: "muted" }, this.say("no_ranking")), this.choices(ends),
      element("details", {}, element("summary", {}, this.say("hours_title")), element("ul", {}, ...ends.hours.map((one) => element("li", {}, one)))),
      element("details", { class: "questions" }, element("summary", {}, this.say("questions")), element("ol", {}, ...this.setting.questions.map((one) => element("li", {}, one)))),
      element("div", { class: "codes" }, element("button", { class: "plain", onclick: () => window.print() }, this.say("print")), this.guide()));
    if (focus && this.panel.querySelector(`#${focus}`)) this.panel.querySelector(`#${focus}`).focus();
  }

  keep(ends) {
    const link = element("a", { href: URL.createObjectURL(new Blob([ends.file], { type: "text/plain" })), download: "learnweave.json" });
    link.click();
    URL.revokeObjectURL(link.href);
  }

  strip(dial) {
    const rows = dial.lines.map((line, at) => {
      const [stop, after] = line.at.map((share) => 4 + 232 * Math.min(1, share));
      const band = dial.band && at === 0 ? `<rect x="${4 + 232 * dial.band.at[0]}" y="3" width="${Math.max(2, 232 * (dial.band.at[1] - dial.band.at[0]))}" height="12" fill="#C9D6DB"/>` : "";
      const row = element("div", { class: at ? "row" : "row own" }, element("span", {}, line.name));
      row.insertAdjacentHTML("beforeend", `<svg viewBox="0 0 240 18" aria-hidden="true"><line x1="4" x2="236" y1="9" y2="9" stroke="#D8DEE2"/>${band}<line x1="${stop}" x2="${after}" y1="9" y2="9" stroke="#1B2733" stroke-width="2"/>
        <circle cx="${stop}" cy="9" r="5" fill="#fff" stroke="#1B2733" stroke-width="1.6"/><circle cx="${after}" cy="9" r="5" fill="#1B2733"/></svg>`);
      row.append(element("b", {}, `${line.values[0]} → ${line.values[1]}`));
      return row;
    });
    return element("div", { class: "strip" }, element("h3", {}, dial.name, dial.band ? element("small", {}, dial.band.told) : null), ...rows);
  }

  choices(ends) {
    return element("details", { class: "timeline" }, element("summary", {}, this.say("timeline")), ...ends.timeline.map((one) =>
      element("div", {}, element("b", {}, one.name), element("ol", {}, ...one.rounds.map((round) => element("li", {}, round))))));
  }
}

export default {
  render({ model, el }) {
    const page = new Workshop(model, el);
    return () => page.close();
  },
};
