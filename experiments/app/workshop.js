// The workshop: one slide with the network and six steps, tables side by side, and questions. Python owns the game and every word.
const STEP = { look: 1, predict: 2, choose: 3, play: 4, back: 5, log: 6 };

class Workshop {
  constructor(model, el) {
    this.model = model;
    this.send = (message) => model.send(message);
    this.page = "slide";
    this.part = "outcomes";
    this.drawn = new Map();
    this.root = element("div", { class: "lw-workshop" });
    el.append(this.root);
    this.onSetting = () => this.build();
    this.onState = () => this.show();
    this.onGiven = (given) => this.take(given);
    model.on("change:setting", this.onSetting);
    model.on("change:state", this.onState);
    model.on("change:frame", this.onState);
    model.on("msg:custom", this.onGiven);
    this.build();
  }

  close() {
    if (this.view) this.view.close();
    this.model.off("change:setting", this.onSetting);
    this.model.off("change:state", this.onState);
    this.model.off("change:frame", this.onState);
    this.model.off("msg:custom", this.onGiven);
  }

  get state() { return this.model.get("state") || {}; }
  get setting() { return this.model.get("setting") || {}; }
  say(name, values) { return fill((this.setting.say || {})[name], values || {}); }

  // --- what stays ---
  build() {
    if (!this.setting.say) return;
    if (this.view) this.view.close();
    this.drawn.clear();
    this.marked = "";
    this.root.lang = this.setting.lang;
    this.zones = {};
    const zone = (name, attributes) => (this.zones[name] = element("div", { class: `zone ${name}`, ...attributes }));
    this.net = element("div", { class: "net" });
    this.slide = element("div", { class: "slide" },
      element("section", { class: "left" }, this.net, element("div", { class: "after" }, zone("back", { "aria-live": "polite" }), zone("log"))),
      element("section", { class: "panel" }, zone("look"), zone("predict"), zone("choose"), zone("end"), zone("go")));
    this.root.replaceChildren(zone("strip"), zone("problem", { role: "alert" }), this.slide, zone("tables"), zone("talk"), zone("dialog"));
    this.view = new NetworkView(this.net, { onPerson: (row) => this.mark(row), onTie: () => {}, onPair: () => {}, label: "" });
    const zooms = [["+", 1.4, "zoom_in"], ["−", 1 / 1.4, "zoom_out"], ["⤢", 1e-3, "zoom_all"]].map(([sign, factor, word]) => element("button", { "aria-label": this.say(word), title: this.say(word), onclick: () => this.view.zoom(factor) }, sign));
    this.net.append(html(this.legend()), element("div", { class: "zoom" }, ...zooms));
    if (this.setting.scene) this.view.setScene(this.setting.scene);
    this.show(true);
  }

  legend() {
    const who = [["teacher", "teacher"], ["coach", "coach"], ["leader", "school_leader"], ["board", "board"]].map(([role, word]) => `<span>${shape(role)}${this.say(word)}</span>`);
    const ties = [[LINE_OLD, "tie"], [LINES.new, "new"], [LINES.gone, "gone"], [LINES.held, "held"]].map(([line, word]) => `<span>${line}${this.say(word)}</span>`);
    return `<div class="legend who">${who.join("")}</div><div class="legend ties">${ties.join("")}</div>`;
  }

  // Whoever is clicked is named until the next look back, or until clicked again.
  mark(row) {
    const chosen = this.view.view.chosen;
    this.view.mark({ chosen: chosen.includes(row) ? chosen.filter((one) => one !== row) : [...chosen, row].slice(-6), why: null });
  }

  // A zone is made anew only where what it shows has changed, so that nobody loses what they were writing.
  put(name, data, make) {
    const kept = JSON.stringify(data), zone = this.zones[name];
    if (this.drawn.get(name) === kept) return;
    this.drawn.set(name, kept);
    const active = document.activeElement && zone.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    zone.replaceChildren(...[make()].flat().filter(Boolean));
    if (active) { const again = zone.querySelector(`[data-key="${active}"]`); if (again) again.focus(); }
  }

  show(whole) {
    const state = this.state, ready = state.stage && state.stage !== "growing" && this.setting.cards;
    if (!this.zones) return;
    this.root.dataset.stage = state.stage || "growing";
    this.root.dataset.page = this.page;
    this.put("problem", [state.problem, state.note, ready], () => [state.problem || state.note || (ready ? "" : this.say("busy"))].filter(Boolean).map((text) => element("p", {}, text)));
    if (!ready) return;
    this.root.dataset.played = state.played;
    this.put("strip", [state.stage, state.played, state.rounds, state.number, this.page], () => this.strip(state));
    this.showPicture(state, whole);
    this.put("look", [state.dials], () => this.look(state));
    this.put("predict", [state.prediction, state.stage, state.dials], () => this.predict(state));
    this.put("choose", [state.hand, state.used, state.stage, state.prediction.direction], () => this.choose(state));
    this.put("go", [state.stage, state.played, state.prediction.direction], () => this.go(state));
    this.tick(state);
    this.put("back", [state.told, state.stage, state.played], () => this.back(state));
    this.put("log", [state.logs, state.stage, state.played, state.table, state.aim], () => this.log(state));
    this.put("end", [state.stage, state.results[0], state.bands, state.again], () => this.end(state));
    this.put("tables", [this.page, this.part, state.results, state.bands, state.code, state.played], () => (this.page === "tables" ? this.tables(state) : []));
    this.put("talk", [this.page], () => (this.page === "talk" ? this.talk() : []));
    this.put("dialog", [this.open || null, state.hand, state.used, state.stage], () => this.dialog(state));
  }

  showPicture(state, whole) {
    const frame = this.model.get("frame");
    if (!frame || !frame.byteLength || !this.view.scene) return;
    this.view.scene.names = state.names;
    this.view.canvas.setAttribute("aria-label", state.picture);
    this.view.setTies(new Uint8Array(frame.buffer, frame.byteOffset, frame.byteLength), whole);
    const place = `${state.stage}-${state.played}`;
    if (place !== this.marked) { this.view.mark({ chosen: state.named || [], why: null }); this.marked = place; }
  }

  turn(page) {
    this.page = page;
    if (page === "tables") this.send({ do: "tables" });
    this.show();
  }

  // --- the strip above ---
  strip(state) {
    const item = (at) => {
      const now = (state.stage === "choose" || state.stage === "period") && at === state.played + 1, done = at <= state.played;
      const seen = !now && state.stage === "back" && at === state.played;
      return element("li", { class: now || seen ? "now" : done ? "done" : "", "aria-current": now || seen ? "step" : null }, now || seen ? this.say("period_n", { n: at, of: state.rounds }) : String(at));
    };
    const year = element("li", { class: `off ${state.stage === "year" || state.stage === "over" ? "now" : ""}` }, this.say(state.stage === "over" ? "year_done" : "year"));
    const pages = ["slide", "tables", "talk"].map((page) => element("button", { class: "tab", "data-key": page, "aria-pressed": String(this.page === page), onclick: () => this.turn(page) }, this.say(page)));
    const rounds = element("select", { "aria-label": this.say("restart"), "data-key": "rounds", onchange: (event) => this.restart(state, Number(event.target.value)) },
      ...[5, 3].map((count) => element("option", { value: count, selected: count === state.rounds }, this.say(count === 3 ? "short" : "long"))));
    return [element("span", { class: "foundation", title: this.setting.foundation }, this.setting.foundation), element("ol", { class: "clock", "aria-label": this.say("clock") }, ...Array.from({ length: state.rounds }, (_, at) => item(at + 1)), year),
      element("nav", {}, ...pages, element("button", { class: "tab", "data-key": "guide", onclick: () => this.askPage("guide") }, this.say("guide")), rounds,
        element("button", { class: "tab", "data-key": "restart", onclick: () => this.restart(state, state.rounds) }, this.say("restart")))];
  }

  restart(state, rounds) {
    if ((!state.played && state.stage === "choose") || window.confirm(this.say("restart_sure"))) { this.turn("slide"); this.send({ do: "restart", rounds }); }
    else { this.drawn.delete("strip"); this.show(); }
  }

  head(step, state, text, ...more) {
    const now = this.now(state), number = STEP[step];
    return element("h2", { class: number === now ? "now" : number < now ? "done" : "" }, element("i", {}, String(number)), text, ...more);
  }

  now(state) {
    if (state.stage === "period" || state.stage === "year") return 4;
    if (state.stage === "over") return 5;
    if (state.stage === "back") return state.logs[state.played - 1] ? 6 : 5;
    return state.prediction.direction ? 3 : state.played || this.looked ? 2 : 1;
  }

  // --- steps 1 to 4 ---
  look(state) {
    const dials = state.dials.map((dial) => {
      const words = this.setting.dials.find((one) => one.id === dial.id);
      const made = element("div", { class: "dial" });
      made.append(html(drawDial(dial.value, dial.was, `${words.name}: ${dial.value}`)), element("b", {}, words.name), element("small", {}, words.explain));
      return made;
    });
    return [this.head("look", state, this.say("look"), element("small", {}, state.played ? this.say("scale") : "")), element("div", { class: "dials" }, ...dials)];
  }

  predict(state) {
    const open = state.stage === "choose", chosen = state.prediction;
    const dial = element("select", { disabled: !open, "data-key": "dial", "aria-label": this.say("predict"), onchange: (event) => { this.looked = true; this.dial = event.target.value; if (chosen.direction) this.send({ do: "predict", dial: this.dial, direction: chosen.direction }); } },
      ...this.setting.dials.map((one) => element("option", { value: one.id, selected: one.id === (chosen.direction ? chosen.dial : this.dial || "ties") }, one.name)));
    const buttons = this.setting.directions.map((direction) => element("button", { "aria-pressed": String(chosen.direction === direction), disabled: !open, "data-key": direction,
      onclick: () => this.send({ do: "predict", dial: dial.value, direction }) }, this.say(direction)));
    return [this.head("predict", state, this.say("predict")), element("div", { class: "seg", role: "group", "aria-label": this.say("predict") }, dial, ...buttons)];
  }

  choose(state) {
    const left = this.setting.hours - state.used, open = state.stage === "choose";
    const pips = element("div", { class: "pips", "aria-hidden": "true" }, ...Array.from({ length: this.setting.hours }, (_, at) => element("i", { class: at < state.used ? "used" : "" })));
    const chosen = state.hand.map((one) => one.card), shown = open ? [...this.setting.first, ...chosen.filter((card) => !this.setting.first.includes(card))] : chosen;
    const heads = element("div", { class: "heads", "aria-hidden": "true" }, element("span", {}), element("span", {}), element("span", {}, this.say("leader")), element("span", {}, this.say("colleague")), element("span", {}, this.say("voluntary")), element("span", {}));
    const more = open ? element("button", { class: "link", "data-key": "all", onclick: () => { this.open = "all"; this.show(); } }, this.say("all_cards", { n: this.setting.cards.length })) : null;
    return [this.head("choose", state, this.say("choose"), element("small", {}, more)),
      element("div", { class: "budget" }, pips, element("b", { "aria-live": "polite" }, String(left), " ", element("span", {}, this.say("hours_left", { hours: this.setting.hours })))),
      heads, element("div", { class: "cards" }, ...shown.map((id) => this.card(id, state)))];
  }

  card(id, state) {
    const card = this.setting.cards.find((one) => one.id === id), played = state.hand.find((one) => one.card === id), open = state.stage === "choose";
    const fits = played || state.used + card.hours <= this.setting.hours;
    const name = played && played.times > 1 ? `${card.name} ×${played.times}` : card.name;
    const button = element("button", { class: "card", "aria-pressed": String(!!played), disabled: !open || !fits, title: card.explain, "data-key": id, "data-card": id,
      onclick: () => this.send({ do: "card", card: id, times: played ? 0 : 1 }) },
      element("span", { class: "box" }, html(TICK)), element("span", { class: "name" }, name), element("em", {}, card.leader), element("em", {}, card.teacher), element("span", { class: "vol" }, html(drawVoluntary(card.voluntary)), card.told));
    const set = element("button", { class: "set", disabled: !open, "data-key": `set-${id}`, "aria-label": this.say("set_card", { card: card.name }), title: this.say("set_card", { card: card.name }), onclick: () => { this.open = id; this.show(); } }, "…");
    return element("div", { class: open ? "offer" : "offer played" }, button, open ? set : null);
  }

  go(state) {
    const press = () => { this.looked = false; this.send({ do: "play" }); };
    const button = (text, off) => element("button", { class: "play", "data-key": "play", disabled: !!off, onclick: press }, element("i", {}, "4"), element("span", {}, text), html(TRIANGLE));
    if (state.stage === "choose") return button(state.prediction.direction ? this.say("play", { n: state.played + 1 }) : this.say("predict_first"), !state.prediction.direction);
    if (state.stage === "back") return button(state.played < state.rounds ? this.say("next", { n: state.played + 1 }) : this.say("let_go"));
    if (state.stage === "over") return [];
    return element("div", { class: "going" }, element("div", { class: "bar" }, element("span", {})),
      element("button", { class: "link", "data-key": "skip", onclick: () => this.send({ do: "skip" }) }, this.say("skip")));
  }

  // How far it is; the button beside it stays the same one, so that a click is never lost.
  tick(state) {
    const bar = this.zones.go.querySelector(".bar");
    if (!bar) return;
    bar.style.setProperty("--w", `${(100 * state.week) / state.weeks}%`);
    bar.firstChild.textContent = this.say("playing", { week: state.week, weeks: state.weeks });
  }

  // --- steps 5 and 6 ---
  back(state) {
    const title = state.stage === "over" ? this.say("look_back_year") : state.heard ? this.say("heard") : this.say("look_back", { n: state.played });
    const lead = state.heard ? element("p", { class: "muted" }, this.say("school_leads")) : null;
    return [state.heard ? element("h2", {}, title) : this.head("back", state, title), lead, element("ul", { class: "feed" }, ...state.told.map((text) => element("li", {}, text)))];
  }

  log(state) {
    if (state.stage === "over") return [];
    const field = (key, label, hint, value, what) => element("label", { class: "field" }, element("span", {}, label), element("input", { "data-key": key, value, placeholder: hint, maxlength: 300, onchange: (event) => this.send({ do: "write", what, text: event.target.value }) }));
    if (!state.played) return [element("h2", {}, this.say("aim")), field("name", this.say("name"), this.say("name_hint"), state.table, "name"), field("aim", this.say("aim"), this.say("aim_hint"), state.aim, "aim")];
    const now = state.logs[state.played - 1] || "", earlier = state.logs.slice(0, state.played - 1).filter(Boolean).slice(-1);
    return [this.head("log", state, this.say("log")), ...earlier.map((text) => element("q", {}, text)), field("log", "", this.say("because"), now, "log")];
  }

  // --- the end ---
  end(state) {
    if (state.stage !== "over") return [];
    const own = state.results[0], again = state.again;
    const rows = this.setting.outcomes.map((outcome, at) => {
      const cell = own.cells[at], band = state.bands[outcome.id], all = [...cell.values, ...(band || [])];
      const row = element("div", { class: "outcome" }, element("b", {}, outcome.name), element("small", {}, outcome.unit), element("span", { class: "told" }, `${cell.told[0]} → ${cell.told[1]}`));
      row.append(html(drawTwoDates(cell.values, ...this.scale(outcome, all), band, `${outcome.name}: ${cell.told.join(" → ")}`)));
      return row;
    });
    const most = this.setting.again - 4, running = again > 0 && again < this.setting.again;
    const button = again >= this.setting.again ? element("p", { class: "muted" }, this.say("again_told", { most, n: this.setting.again }))
      : element("button", { class: "plain wide", "data-key": "again", disabled: running, onclick: () => this.send({ do: "again" }) }, running ? this.say("again_busy", { done: again, n: this.setting.again }) : this.say("again", { n: this.setting.again }));
    return [element("h2", {}, this.say("remains"), element("small", {}, this.say("dumbbell"))), element("div", { class: "outcomes" }, ...rows), element("p", { class: "muted" }, own.hours), button,
      element("div", { class: "buttons" }, element("button", { class: "plain", "data-key": "lay", onclick: () => this.turn("tables") }, this.say("lay")), element("button", { class: "plain", "data-key": "talk", onclick: () => this.turn("talk") }, this.say("talk")),
        element("button", { class: "plain", "data-key": "print", onclick: () => this.askPage("print") }, this.say("print")))];
  }

  tables(state) {
    const whole = state.results.filter((one) => one.cells.length), outcomes = this.setting.outcomes;
    const ends = outcomes.map((_, at) => { return this.scale(outcomes[at], [...whole.flatMap((one) => one.cells[at].values), ...(state.bands[outcomes[at].id] || [])]); });
    const heads = this.part === "outcomes" ? outcomes.map((one) => element("th", { scope: "col" }, one.name, element("small", {}, one.unit))) : Array.from({ length: state.rounds }, (_, at) => element("th", { scope: "col" }, this.say("period_n", { n: at + 1, of: state.rounds })));
    const rows = state.results.map((one, number) => {
      const away = one.kind === "other" ? element("button", { class: "link", "aria-label": this.say("remove", { name: one.name }), title: this.say("remove", { name: one.name }), onclick: () => this.send({ do: "remove", at: number - 1 }) }, "×") : null;
      const name = element("th", { scope: "row" }, one.name, away, element("small", {}, one.aim), element("small", {}, one.hours));
      return element("tr", { class: one.kind }, name, ...(this.part === "outcomes" ? this.outcomeCells(one, ends, number ? {} : state.bands) : this.cardCells(one, state.rounds)));
    });
    const parts = ["outcomes", "chosen"].map((part) => element("button", { class: "tab", "data-key": part, "aria-pressed": String(this.part === part), onclick: () => { this.part = part; this.show(); } }, this.say(part)));
    return [element("div", { class: "above" }, element("p", {}, this.say("no_ranking")), element("div", {}, ...parts)),
      element("div", { class: "scroll" }, element("table", {}, element("thead", {}, element("tr", {}, element("td", {}, this.part === "outcomes" ? this.say("dumbbell") : ""), ...heads)), element("tbody", {}, ...rows))),
      this.codes(state)];
  }

  // Ends of a scale that holds all values, wide enough that a small difference looks small.
  scale(outcome, values) {
    const low = Math.min(...values), high = Math.max(...values), least = outcome.id === "lasting_across" ? 4 : 20, room = Math.max(0, least - (high - low)) / 2;
    const from = Math.max(0, low - room);
    return [from, Math.max(high + room, from + least)];
  }

  outcomeCells(one, ends, bands) {
    if (!one.cells.length) return [element("td", { colspan: 5, class: "muted" }, this.say("not_yet"))];
    return one.cells.map((cell, at) => {
      const made = element("td", {}, element("span", { class: "told" }, `${cell.told[0]} → ${cell.told[1]}`)), outcome = this.setting.outcomes[at];
      const band = bands[outcome.id];
      made.append(html(drawTwoDates(cell.values, ...ends[at], band, `${one.name}, ${outcome.name}: ${cell.told.join(" → ")}`)));
      return made;
    });
  }

  cardCells(one, rounds) {
    if (one.kind === "reference") return [element("td", { colspan: rounds, class: "muted" }, one.explain)];
    return Array.from({ length: rounds }, (_, at) => element("td", {}, ...((one.cards[at] || []).length ? one.cards[at].map((card) => element("span", { class: "chip" }, card)) : [element("span", { class: "muted" }, this.say("nothing"))])));
  }

  codes(state) {
    const name = element("input", { "data-key": "lay-name", placeholder: this.say("name_hint"), "aria-label": this.say("name_hint"), maxlength: 60, class: "short" });
    const code = element("input", { "data-key": "lay-code", placeholder: "XXXX-XXXX-…", "aria-label": this.say("enter"), class: "code" });
    const add = () => this.send({ do: "lay", code: code.value, name: name.value });
    code.addEventListener("keydown", (event) => { if (event.key === "Enter") add(); });
    const copied = element("button", { class: "plain", onclick: async () => { try { await navigator.clipboard.writeText(state.code); copied.textContent = this.say("copied"); } catch { getSelection().selectAllChildren(own); } } }, this.say("copy"));
    const own = element("output", { class: "code" }, state.code);
    const file = element("input", { type: "file", accept: ".json", class: "sr", id: "lw-table", onchange: async (event) => { if (event.target.files[0]) this.send({ do: "file", text: await event.target.files[0].text() }); } });
    return element("div", { class: "codes" },
      element("div", {}, element("h2", {}, this.say("code")), own, state.played < state.rounds ? element("p", { class: "muted" }, this.say("code_partly", { n: state.played, of: state.rounds })) : null,
        element("div", { class: "buttons" }, copied, element("button", { class: "plain", "data-key": "save", onclick: () => this.send({ do: "save" }) }, this.say("save")), element("button", { class: "plain", onclick: () => this.askPage("print") }, this.say("print")))),
      element("div", {}, element("h2", {}, this.say("enter")), element("div", { class: "buttons" }, code, name, element("button", { class: "plain", "data-key": "add", onclick: add }, this.say("add")), element("label", { class: "plain", for: "lw-table" }, this.say("file")), file)));
  }

  talk() {
    return element("div", { class: "questions" }, ...this.setting.questions.map((one, at) => element("section", {}, element("h2", {}, element("i", {}, String(at + 1)), one.head), element("p", {}, one.text))));
  }

  // --- all cards, or one card and how it is played ---
  dialog(state) {
    if (!this.open || state.stage !== "choose") { this.open = null; return []; }
    const close = () => {
      const opener = this.zones.choose.querySelector(`[data-key="${this.open === "all" ? "all" : `set-${this.open}`}"]`);
      this.open = null;
      this.show();
      if (opener) opener.focus();
    };
    const left = element("b", {}, `${this.setting.hours - state.used} ${this.say("hours_left", { hours: this.setting.hours })}`);
    const inside = this.open === "all" ? this.allCards(state) : this.oneCard(this.setting.cards.find((one) => one.id === this.open), state);
    const box = element("div", { class: `box ${this.open === "all" ? "all" : "one"}`, role: "dialog", "aria-modal": "true" }, ...inside, element("div", { class: "foot" }, left, element("button", { class: "plain", "data-key": "close", onclick: close }, this.say("close"))));
    const shade = element("div", { class: "shade", onclick: (event) => { if (event.target === shade) close(); }, onkeydown: (event) => { if (event.key === "Escape") close(); } }, box);
    setTimeout(() => { if (!box.contains(document.activeElement)) box.querySelector("[data-key=close]").focus(); });
    return shade;
  }

  allCards(state) {
    return [element("h2", {}, this.say("choose")), element("div", { class: "families" }, ...Object.entries(this.setting.families).map(([family, name]) => element("section", {}, element("h3", {}, name),
      ...this.setting.cards.filter((one) => one.family === family).map((one) => { const offer = this.card(one.id, state); offer.append(element("p", { class: "muted" }, one.explain)); return offer; }))))];
  }

  oneCard(card, state) {
    const played = state.hand.find((one) => one.card === card.id) || { times: 0, whom: "missed", what: "own", level: "school" };
    const set = (more) => this.send({ do: "card", card: card.id, times: Math.max(1, played.times), ...more });
    const step = (by, word, sign) => element("button", { class: "plain step", "data-key": word, "aria-label": this.say(word, { card: card.name }), disabled: by > 0 ? (card.once && played.times > 0) || state.used + card.hours > this.setting.hours : !played.times, onclick: () => this.send({ do: "card", card: card.id, times: played.times + by }) }, sign);
    const choice = (name, there) => {
      const options = this.setting.options[name];
      if (!there) return null;
      return element("fieldset", {}, element("legend", {}, options.label), ...Object.entries(options).filter(([id]) => id !== "label").map(([id, text]) => element("button", { class: "choice", "data-key": `${name}-${id}`, "aria-pressed": String(played[name] === id), onclick: () => set({ [name]: id }) }, text)));
    };
    return [element("h2", {}, card.name), element("p", {}, card.explain), element("div", { class: "often" }, step(-1, "less_of", "−"), element("b", {}, `${played.times}×`), step(1, "more_of", "+"), element("span", { class: "muted" }, `${this.say("leader")} ${card.leader}, ${this.say("colleague")} ${card.teacher}`)),
      choice("whom", card.chooses), choice("what", card.meets), choice("level", card.meets)];
  }

  // --- pages and files that Python makes ---
  askPage(what) {
    this.tab = window.open("", "_blank");
    this.send({ do: what });
  }

  take(given) {
    if (given.give === "page" && this.tab) {
      this.tab.document.write(given.content);
      this.tab.document.close();
      this.tab = null;
    } else if (given.give) {
      const address = URL.createObjectURL(new Blob([given.content], { type: given.give === "page" ? "text/html" : "application/json" }));
      element("a", { href: address, download: given.name }).click();
      setTimeout(() => URL.revokeObjectURL(address), 10000);
    }
  }
}

export default {
  render({ model, el }) {
    const page = new Workshop(model, el);
    return () => page.close();
  },
};
