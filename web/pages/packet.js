// The packet beside the conversation: who it is, why a person is wanted, what
// was tried, the order, and the photos with what was found on them.
"use strict";

class PacketView {
  constructor(box) {
    this.box = box;
    this.packet = null;
    document.getElementById("lightbox-close").addEventListener("click", () => document.getElementById("lightbox").close());
    document.getElementById("lightbox").addEventListener("click", (event) => { if (event.target.id === "lightbox") event.target.close(); });
  }

  show(packet) { this.packet = packet; this.redraw(); }

  redraw() {
    const p = this.packet;
    if (!p) { this.box.replaceChildren(make("p", { class: "empty" }, say("packetHint"))); return; }
    this.box.replaceChildren(...[this.why(p), this.who(p), this.order(p.order), this.photos(p), this.tickets(p.tickets), this.missing(p.missing)].filter(Boolean));
  }

  part(title, ...content) { return make("section", {}, make("h3", {}, title), ...content); }

  facts(rows) {
    const dl = make("dl");
    for (const [name, value] of rows) if (value) dl.append(make("dt", {}, name), make("dd", {}, value));
    return dl;
  }

  why({ handed: h }) {
    if (!h) return null;
    const tried = make("ul", { class: "tried" }, ...(h.tried || []).map((flow) => make("li", {}, word("flows", flow))));
    return this.part(say("why"), make("p", { class: "reason" }, word("reasons", h.reason)), h.summary ? make("p", {}, h.summary) : "",
      ...(h.tried?.length ? [make("h4", {}, say("tried")), tried] : []), this.facts([[say("next"), this.next(h.next_step)]]));
  }

  next(step) {
    const flow = /^continue (.+)$/.exec(step || "")?.[1];
    return flow ? say("goOn")(word("flows", flow)) : word("steps", step || "");
  }

  who({ customer: c, from, channel }) {
    return this.part(say("who"), this.facts(c
      ? [[say("customer"), c.name + (c.title ? " " + c.title : "")], [say("phone"), c.phone], [say("level"), [c.level, c.vip ? "VIP" : ""].filter(Boolean).join(" · ")],
        [say("proof"), say(c.known ? "proven" : "unproven")], [say("door"), word("channels", channel)]]
      : [[say("customer"), say("visitor")], [say("from"), from], [say("door"), word("channels", channel)]]));
  }

  order(o) {
    if (!o) return null;
    const day = (t) => (t ? new Date(t).toLocaleDateString(locale()) : "");
    const lines = o.lines.map((l) => make("li", {}, make("img", { src: `/v1/products/${encodeURIComponent(l.product)}/image`, alt: "", width: "44", height: "44", loading: "lazy" }),
      make("span", {}, [l.name, l.variant].filter(Boolean).join(" · ")), make("span", { class: "price" }, `${money(l.price)} × ${l.count}`)));
    const last = o.parcel?.track?.at(-1);
    return this.part(say("order"), make("ul", { class: "lines" }, ...lines), this.facts([
      [say("number"), o.id], [say("stateOf"), word("orderStates", o.state)], [say("total"), money(o.total)], [say("ordered"), day(o.created)], [say("signed"), day(o.signed)],
      [say("parcel"), o.parcel ? `${o.parcel.courier} · ${word("parcelStates", o.parcel.state)}` : ""], [say("lastScan"), last ? `${new Date(last.at).toLocaleString(locale())} ${last.text}` : ""],
      ...(o.refunds || []).map((r) => [say("refund"), [word("refundKinds", r.kind), r.amount ? money(r.amount) : "", word("refundStates", r.state), r.reason].filter(Boolean).join(" · ")]),
    ]));
  }

  photos(p) {
    if (!p.photos?.length) return null;
    return this.part(say("photos"), make("div", { class: "photos" }, ...p.photos.map((photo) => make("figure", {}, PacketView.thumbnail(p.conversation, photo),
      make("figcaption", {}, ...photo.findings.map((f) => make("span", { class: "finding " + f.kind + (f.severity || f.label === "different" || f.label === "review" ? " grave" : "") }, PacketView.finding(f))))))));
  }

  tickets(list) {
    if (!list?.length) return null;
    return this.part(say("tickets"), make("ul", { class: "tried" }, ...list.slice(-3).map((t) => make("li", {}, `${new Date(t.opened).toLocaleDateString(locale())} ${word("ticketKinds", t.kind)} ${t.text}`))));
  }

  missing(list) {
    return list?.length ? make("p", { class: "problem" }, say("missing") + list.map((what) => say("records")[what] || what).join("、")) : null;
  }

  // finding in a few words, with the machine's certainty where it says one.
  static finding(f) {
    const words = [word("findingKinds", f.kind), word("findings", f.label), f.severity ? word("severities", f.severity) : ""].filter(Boolean).join(" ");
    return ["damage", "colour", "product"].includes(f.kind) && f.score ? `${words} ${Math.round(100 * f.score)} %` : words;
  }

  static located(f) { return f.kind === "damage" && !["intact", "cannot_see"].includes(f.label); }

  // thumbnail opens the photo with its evidence pictures.
  static thumbnail(conversation, photo) {
    const plain = `/v1/photos/${encodeURIComponent(photo.photo)}`;
    const button = make("button", { type: "button", class: "thumb", "aria-label": say("enlarge") }, make("img", { src: plain, alt: say("photoOf"), loading: "lazy" }));
    const gone = () => button.replaceWith(make("span", { class: "hint" }, say("photoGone")));
    button.firstChild.addEventListener("error", gone, { once: true });
    button.addEventListener("click", () => PacketView.enlarge(conversation, photo, plain));
    return button;
  }

  static enlarge(conversation, photo, plain) {
    const $ = (id) => document.getElementById(id), below = `/v1/conversations/${conversation}/photos/${encodeURIComponent(photo.photo)}/`;
    const views = [["asSent", plain]];
    if (photo.overlay ?? photo.findings.some(PacketView.located)) views.unshift(["marked", below + "overlay"]);
    if (photo.swatch ?? photo.findings.some((f) => f.kind === "colour" && f.label !== "cannot_tell")) views.push(["colours", below + "swatch"]);
    const look = (i) => {
      $("large").src = views[i][1];
      $("large").alt = say(views[i][0]);
      [...$("views").children].forEach((b, k) => b.setAttribute("aria-pressed", String(i === k)));
    };
    $("lightbox-title").textContent = say("photoOf");
    $("views").replaceChildren(...views.map(([name], i) => {
      const b = make("button", { type: "button" }, say(name));
      b.addEventListener("click", () => look(i));
      return b;
    }));
    look(0);
    $("lightbox").showModal();
  }
}

// money writes a sum of fen.
function money(fen) { return "¥" + (fen / 100).toFixed(2); }
