// The desk of operators: who waits, the conversation that is open, and what can
// be done in it. The queue and the conversation come as server-sent events.
"use strict";

class Desk {
  constructor() {
    this.queue = [];
    this.chosen = null; // id of the open conversation
    this.names = new Map(); // conversation -> packet, for the names in the queue
    this.known = null; // conversations that have rung
    this.touched = Date.now();
    this.$ = (id) => document.getElementById(id);
    this.transcript = new Transcript(this.$("turns"), () => this.loadPacket());
    this.packet = new PacketView(this.$("packet"));
    this.remember();
    this.bind();
  }

  // remember keeps name, duty and sound over a reload.
  remember() {
    const { $ } = this;
    $("operator").value = localStorage.getItem("operator") || "";
    $("operator").addEventListener("change", () => { localStorage.setItem("operator", $("operator").value.trim()); this.redraw(); });
    for (const [id, usual] of [["duty", "on"], ["sound", "off"]]) {
      $(id).checked = (localStorage.getItem(id) || usual) === "on";
      $(id).addEventListener("change", () => {
        localStorage.setItem(id, $(id).checked ? "on" : "off");
        if (id === "duty") this.present();
        if (id === "sound") this.ring();
      });
    }
  }

  bind() {
    const { $ } = this;
    $("take").addEventListener("click", () => this.act("take"));
    $("give").addEventListener("click", () => this.act("give-back"));
    $("close").addEventListener("click", () => { if (confirm(say("sureClose"))) this.act("close"); });
    $("back").addEventListener("click", () => this.choose(null));
    $("compose").addEventListener("submit", (event) => { event.preventDefault(); this.send(); });
    $("words").addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); this.send(); }
    });
    document.addEventListener("keydown", (event) => this.key(event));
    document.addEventListener("conversation-ended", () => this.controls());
    for (const kind of ["keydown", "pointerdown"]) document.addEventListener(kind, () => { this.touched = Date.now(); });
  }

  enter() {
    if (this.live) return;
    this.live = new EventSource("/v1/hand-offs/events");
    this.live.addEventListener("queue", (event) => this.update(JSON.parse(event.data)));
    this.clock = setInterval(() => this.tick(), 1000);
    this.present();
    this.beat = setInterval(() => this.present(), 60000);
    this.redraw();
  }

  leave() {
    this.live?.close();
    this.live = null;
    clearInterval(this.clock);
    clearInterval(this.beat);
    this.choose(null);
  }

  // present tells the gateway that somebody is here: an open page alone is no
  // proof, so a page that nobody has touched for ten minutes keeps quiet.
  async present() {
    if (!this.$("duty").checked || Date.now() - this.touched > 600000) return;
    const answer = await fetch("/v1/hand-offs").catch(() => null);
    if (answer?.ok) this.update(await answer.json());
  }

  update({ conversations, desk }) {
    this.queue = [...conversations].sort((a, b) => Boolean(a.operator) - Boolean(b.operator));
    this.hours = desk;
    const waiting = this.queue.filter((w) => !w.operator);
    const fresh = waiting.filter((w) => this.known && !this.known.has(w.conversation));
    if (fresh.length) { this.ring(); this.$("announce").textContent = say("someoneWaits")(waiting.length); }
    this.known = new Set(this.queue.map((w) => w.conversation));
    document.dispatchEvent(new Event("queue"));
    this.$("badge").textContent = waiting.length;
    this.$("badge").hidden = !waiting.length;
    document.title = (waiting.length ? `(${waiting.length}) ` : "") + "Waggle";
    for (const id of this.names.keys()) if (!this.known.has(id)) this.names.delete(id);
    for (const w of this.queue) this.name(w.conversation);
    this.refresh();
  }

  // name fetches a packet once, for the customer's name in the queue.
  async name(id) {
    if (this.names.has(id)) return;
    this.names.set(id, null);
    const answer = await fetch(`/v1/conversations/${id}/packet`).catch(() => null);
    if (!answer?.ok) { this.names.delete(id); return; }
    this.names.set(id, await answer.json());
    this.refresh();
  }

  who(id) {
    const p = this.names.get(id);
    if (p?.customer) return p.customer.name + (p.customer.vip ? " · VIP" : "");
    return p?.from || say("visitor");
  }

  // redraw writes everything anew, in another language or under another name.
  redraw() {
    const { $ } = this;
    $("canned").replaceChildren(...say("canned").map((text) => {
      const b = make("button", { type: "button" }, text);
      b.addEventListener("click", () => { $("words").value = ($("words").value + text).slice(0, 2000); $("words").focus(); });
      return b;
    }));
    this.refresh();
    this.transcript.redraw();
    this.packet.redraw();
  }

  // refresh writes the queue and what may be done.
  refresh() {
    const { $ } = this;
    const focused = document.activeElement?.dataset?.conversation;
    $("queue").replaceChildren(...this.queue.map((w) => this.item(w)));
    if (focused) document.querySelector(`[data-conversation="${focused}"]`)?.focus();
    $("quiet").hidden = this.queue.length > 0;
    $("hours").textContent = this.hours ? say("deskHours")(this.hours) : "";
    $("hours").classList.toggle("shut", Boolean(this.hours) && !this.hours.open);
    this.controls();
    this.tick();
  }

  item(w) {
    const last = w.said || w.summary || "";
    const b = make("button", { type: "button", "data-conversation": w.conversation, class: "ticket" },
      make("span", { class: "row" }, make("strong", {}, this.who(w.conversation)), make("span", { class: "chip" }, word("channels", w.channel)),
        make("time", { datetime: w.since, "data-since": w.operator ? "" : w.since })),
      make("span", { class: "why" }, word("reasons", w.reason)),
      make("span", { class: "last" }, last));
    if (w.operator) b.append(make("span", { class: "holder" }, say(w.operator === this.me() ? "yours" : "held")(w.operator)));
    b.setAttribute("aria-current", String(w.conversation === this.chosen));
    b.addEventListener("click", () => this.choose(w.conversation));
    return make("li", {}, b);
  }

  tick() {
    for (const t of document.querySelectorAll("#queue time[data-since]")) {
      if (!t.dataset.since) { t.textContent = ""; continue; }
      const s = Math.max(0, Math.floor((Date.now() - new Date(t.dataset.since)) / 1000));
      t.textContent = `${Math.floor(s / 60)}:${String(s % 60).padStart(2, "0")}`;
      t.className = s > 300 ? "late" : s > 120 ? "soon" : "";
    }
  }

  me() { return this.$("operator").value.trim(); }
  current() { return this.queue.find((w) => w.conversation === this.chosen); }

  choose(id) {
    this.chosen = id;
    document.body.classList.toggle("reading", Boolean(id));
    this.complain("");
    this.$("words").value = "";
    this.transcript.follow(id);
    this.packet.show(null);
    if (id) this.loadPacket();
    this.refresh();
  }

  async loadPacket() {
    const id = this.chosen;
    if (!id) return;
    const answer = await fetch(`/v1/conversations/${id}/packet`).catch(() => null);
    if (!answer?.ok || id !== this.chosen) return;
    const packet = await answer.json();
    this.names.set(id, packet);
    this.packet.show(packet);
    this.controls();
  }

  controls() {
    const { $ } = this, w = this.current(), mine = Boolean(w?.operator) && w.operator === this.me();
    const ended = this.transcript.ended;
    $("talk-title").textContent = this.chosen ? this.who(this.chosen) : say("choose");
    $("back").hidden = !this.chosen;
    $("take").hidden = !this.chosen || ended || Boolean(w?.operator);
    $("give").hidden = $("close").hidden = $("compose").hidden = !mine || ended;
    $("whose").textContent = !this.chosen ? "" : ended ? say("isOver") : mine ? say(w.channel === "text" ? "youWrite" : "youSpeak")
      : w?.operator ? say("held")(w.operator) : w ? say("waits") : say("withRobot");
  }

  async act(what, body = {}) {
    const id = this.chosen, operator = this.me();
    if (!operator) { this.complain(say("nameFirst")); this.$("operator").focus(); return false; }
    this.complain("");
    const answer = await fetch(`/v1/conversations/${id}/${what}`, { method: "POST", headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ operator, ...body }) }).catch(() => null);
    if (!answer?.ok) {
      const p = await answer?.json().catch(() => null);
      this.complain(answer ? say("failures")[answer.status] || p?.detail || String(answer.status) : say("offline"));
      return false;
    }
    if (what === "take") setTimeout(() => this.$("words").focus(), 200);
    return true;
  }

  async send() {
    const box = this.$("words"), text = box.value.trim();
    if (!text) return;
    if (await this.act("messages", { text })) box.value = "";
    box.focus();
  }

  complain(text) {
    this.$("complaint").textContent = text;
    this.$("complaint").hidden = !text;
  }

  // key: J and K walk the queue, T takes, R writes, Escape goes back.
  key(event) {
    const typing = event.target.closest("input, textarea, dialog[open]");
    if (this.$("desk").hidden || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && event.target.id === "words") { event.target.blur(); return; }
    if (typing) return;
    const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
    if (step && this.queue.length && (event.key.length === 1 || event.target.closest("#queue"))) {
      const at = this.queue.findIndex((w) => w.conversation === this.chosen);
      const next = this.queue[Math.min(this.queue.length - 1, Math.max(0, at < 0 ? 0 : at + step))];
      this.choose(next.conversation);
      document.querySelector(`[data-conversation="${next.conversation}"]`)?.focus();
      event.preventDefault();
    } else if (event.key === "t" && !this.$("take").hidden) this.act("take");
    else if (event.key === "r" && !this.$("compose").hidden) { this.$("words").focus(); event.preventDefault(); }
    else if (event.key === "Escape" && this.chosen) this.choose(null);
  }

  // ring is a short soft tone, where sound is wanted.
  ring() {
    if (!this.$("sound").checked) return;
    this.audio ||= new AudioContext();
    const tone = this.audio.createOscillator(), level = this.audio.createGain(), now = this.audio.currentTime;
    tone.frequency.value = 660;
    level.gain.setValueAtTime(0.0001, now);
    level.gain.exponentialRampToValueAtTime(0.12, now + 0.02);
    level.gain.exponentialRampToValueAtTime(0.0001, now + 0.5);
    tone.connect(level).connect(this.audio.destination);
    tone.start(now);
    tone.stop(now + 0.5);
  }
}
