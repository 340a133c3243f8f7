// A conversation as an operator reads it: what was said, shown and done, as it
// happens. All of it is text, whatever it looks like.
"use strict";

class Transcript {
  constructor(list, onPhoto) {
    this.list = list;
    this.onPhoto = onPhoto; // the packet has something new
    this.entries = [];
    this.ended = false;
    this.stick = true; // the newest stays in view until somebody scrolls up
    this.top = 0; // where the last scrolling has ended: only going up is somebody's wish
    list.addEventListener("scroll", () => {
      if (list.scrollHeight - list.scrollTop - list.clientHeight < 60) this.stick = true;
      else if (list.scrollTop < this.top) this.stick = false;
      this.top = list.scrollTop;
    });
    list.addEventListener("load", () => this.settle(), true); // a picture has its size now
  }

  settle() {
    if (!this.stick) return;
    this.list.scrollTop = this.list.scrollHeight;
    this.top = this.list.scrollTop;
  }

  follow(id) {
    this.source?.close();
    this.source = null;
    this.id = id;
    this.entries = [];
    this.ended = false;
    this.stick = true;
    this.top = 0;
    this.list.replaceChildren();
    if (!id) return;
    const source = new EventSource(`/v1/conversations/${id}/events`);
    this.source = source;
    source.addEventListener("entry", (event) => {
      const e = JSON.parse(event.data);
      if (source !== this.source || e.seq <= (this.entries.at(-1)?.seq ?? 0)) return; // a line that came back tells all again
      this.entries.push(e);
      this.add(e);
      if (e.turn?.photo_id || e.reply?.hand_off) this.onPhoto();
      if (e.ended) { this.ended = true; source.close(); document.dispatchEvent(new Event("conversation-ended")); }
    });
  }

  redraw() {
    const stick = this.stick;
    this.list.replaceChildren();
    for (const e of this.entries) this.add(e);
    this.stick = stick;
    this.settle();
  }

  add(e) {
    for (const li of this.lines(e)) this.list.append(li);
    this.settle();
  }

  // lines draws one entry of the log.
  lines(e) {
    const at = make("time", { datetime: e.at }, new Date(e.at).toLocaleTimeString(locale(), { hour: "2-digit", minute: "2-digit" }));
    if (e.turn) return this.turn(e.turn, at);
    if (e.reply?.sentences?.length) {
      const li = make("li", { class: "robot" }, make("small", {}, say("robot"), " ", at), e.reply.sentences.map((s) => s.text).join(""));
      return e.reply.hand_off ? [li, this.note(say("handedOver")(word("reasons", e.reply.hand_off.reason)), at)] : [li];
    }
    if (e.operator) return this.operator(e.operator, at);
    if (e.transfer) return [this.note(word("transfers", e.transfer.state), at)];
    if (e.heard != null) return [this.note(e.heard ? say("heard") + e.heard : say("unheard"), at)];
    if (e.ended) return [this.note(say("endedAs")(word("outcomes", e.ended)), at)];
    return [];
  }

  turn(t, at) {
    const text = t.text || (t.dtmf ? say("pressed") + t.dtmf : "");
    const photos = t.photos?.map((p) => p.photo) || (t.photo_id ? [t.photo_id] : []);
    if (!text && !photos.length) return t.event && t.event !== "start" ? [this.note(word("events", t.event), at)] : [];
    const li = make("li", { class: "user" }, make("small", {}, say("shopper"), " ", at), text);
    if (t.speech && t.speech.confidence < 0.7) li.append(make("small", {}, `${say("sure")} ${Math.round(100 * t.speech.confidence)} %`));
    for (const id of photos) li.append(PacketView.thumbnail(this.id, { photo: id, findings: t.photo || [] }));
    for (const f of t.photo || []) if (f.note) li.append(make("small", {}, f.note));
    return [li];
  }

  operator(o, at) {
    if (o.act === "say") return [make("li", { class: "person" }, make("small", {}, o.by, " ", at), o.text)];
    return [this.note(say("acts")[o.act]?.(o.by) || o.act, at)];
  }

  note(text, at) { return make("li", { class: "note" }, text, " ", at.cloneNode(true)); }
}
