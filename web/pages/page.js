// The demo page: turns on the left, the evidence of the chosen answer on the
// right.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const $ = (id) => document.getElementById(id);
  let lastRobot = null; // list item of the newest answer
  let pendingPhotos = []; // object URLs of the photos being looked at
  const mostPhotos = 6; // of one upload
  let state = "";

  const talk = new Talk(entry, (s) => { state = s; showState(); });

  function showState() {
    $("state").textContent = state ? say(state) : "";
    const live = talk.peer !== null;
    $("call").textContent = say(live ? "hangUp" : "call");
    $("call").classList.toggle("live", live);
    $("call").dataset.state = state;
  }

  function complain(problem) {
    $("problem").textContent = problem ? problem.message : "";
    $("problem").hidden = !problem;
  }

  function add(who, ...content) {
    const li = make("li", { class: who }, ...content);
    $("turns").append(li);
    li.scrollIntoView({ block: "end" });
    return li;
  }

  function entry(e) {
    if (e.turn) addTurn(e.turn);
    if (e.reply && e.reply.sentences) addReply(e.reply);
    if (e.operator && e.operator.text) note(add("robot", e.operator.text), e.operator.by);
    if (e.latency && lastRobot) note(lastRobot, `${Math.round(e.latency / 1e6)} ${say("latency")}`);
    if (e.heard != null && lastRobot) note(lastRobot, e.heard ? say("heard") + e.heard : say("unheard"));
  }

  function note(li, text) { li.append(make("small", {}, text)); }

  function addTurn(turn) {
    if (turn.photo_id || turn.photo) {
      const li = add("user", make("div", { class: "pictures" }, ...pendingPhotos.map((src) => make("img", { src, alt: say("yourPhoto") }))));
      for (const f of turn.photo || []) if (f.note) note(li, f.note);
      pendingPhotos = [];
    }
    const text = turn.text || turn.dtmf;
    if (!text) return;
    const li = add("user", text);
    if (turn.speech) note(li, `${say("sure")} ${Math.round(100 * turn.speech.confidence)} %`);
  }

  function addReply(reply) {
    const text = reply.sentences.map((s) => s.text).join("");
    if (!text && !reply.cards) return;
    const li = add("robot", text);
    li.tabIndex = 0;
    const choose = () => showEvidence(li, reply);
    li.addEventListener("click", choose);
    li.addEventListener("keydown", (event) => { if (event.key === "Enter") choose(); });
    for (const card of reply.cards || []) li.append(cardOf(card));
    if (reply.hand_off) note(li, say("handOff"));
    lastRobot = li;
    choose();
  }

  function cardOf(card) {
    const div = make("div", { class: "card" }, make("strong", {}, card.title || ""));
    if (card.kind === "photo") showPicture(div, card);
    else if (card.image) div.append(make("img", { src: card.image, alt: "", width: "96" }));
    const dl = make("dl");
    for (const [name, value] of Object.entries(card.fields || {})) dl.append(make("dt", {}, name), make("dd", {}, value));
    div.append(dl);
    return div;
  }

  // showPicture adds what was found on a photo; the image needs our token.
  async function showPicture(div, card) {
    const img = make("img", { class: "found", alt: card.title || "" });
    div.append(img);
    img.addEventListener("load", () => div.scrollIntoView({ block: "end" }), { once: true });
    try { img.src = await talk.picture(card.image); } catch { img.remove(); }
  }

  function showEvidence(li, reply) {
    document.querySelector(".chosen")?.classList.remove("chosen");
    li.classList.add("chosen");
    const box = $("evidence");
    box.replaceChildren();
    for (const sentence of reply.sentences) {
      box.append(make("p", {}, "“" + sentence.text + "”"));
      for (const source of sentence.sources || []) {
        const kind = say("kinds")[source.kind] || source.kind;
        const div = make("div", { class: "source" }, make("strong", {}, `${kind} ${source.id}`));
        if (source.facts?.length) div.append(make("div", {}, source.facts.join(" · ")));
        box.append(div);
      }
      if (!sentence.sources?.length) box.append(make("p", { class: "hint" }, say("noEvidence")));
    }
  }

  async function attempt(deed) {
    complain(null);
    try { await deed(); } catch (problem) { complain(problem); showState(); }
  }

  $("say").addEventListener("submit", (event) => {
    event.preventDefault();
    const text = $("text").value.trim();
    if (!text) return;
    $("text").value = "";
    attempt(() => talk.say(text));
  });

  $("call").addEventListener("click", () => attempt(async () => {
    if (talk.peer) { talk.hangUp(); return; }
    state = "connecting";
    showState();
    try { await talk.call($("voice")); } catch (problem) {
      state = "";
      throw problem.name === "NotAllowedError" || problem.name === "NotFoundError" ? new Error(say("noMicrophone")) : problem;
    }
    showState();
  }));

  $("photo").addEventListener("change", () => attempt(async () => {
    const files = [...$("photo").files];
    if (!files.length) return;
    $("photo").value = "";
    if (files.length > mostPhotos) throw new Error(say("tooMany"));
    pendingPhotos = files.map((file) => URL.createObjectURL(file));
    const before = state;
    state = "sending";
    showState();
    try {
      const { refused } = await talk.show(files);
      if (refused) complain(new Error(refused.map((r) => say("refused")(r.number, language === "zh" ? r.detail_zh : r.detail)).join(" ")));
    } finally { pendingPhotos = []; state = talk.peer ? "talking" : before === "sending" ? "" : before; showState(); }
  }));

  function examples() {
    $("examples").replaceChildren(...say("examples").map((text) => {
      const button = make("button", { type: "button" }, text);
      button.addEventListener("click", () => attempt(() => talk.say(text)));
      return make("li", {}, button);
    }));
  }

  async function shelf() {
    const answer = await fetch("/v1/products");
    if (!answer.ok) return;
    const { products } = await answer.json();
    $("shelf").replaceChildren(...(products || []).slice(0, 12).map((p) => make("figure", {},
      make("img", { src: `/v1/products/${encodeURIComponent(p.id)}/image`, alt: p.name, loading: "lazy" }), make("figcaption", {}, p.name))));
  }

  document.addEventListener("language", () => { showState(); examples(); });
  showState();
  examples();
  shelf();
});
