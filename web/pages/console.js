// The console: login, tabs, the figures of the moment, the latest conversations
// and the campaigns. What operators do is in desk.js.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const $ = (id) => document.getElementById(id);
  const panels = ["desk", "records", "outbound"];
  const desk = new Desk();
  let role = "", timer = 0;

  // status is asked for every few seconds; it also tells whether we are in.
  async function status() {
    clearTimeout(timer);
    let answer;
    try { answer = await fetch("/v1/status"); } catch { timer = setTimeout(status, 10000); return; }
    const inside = answer.ok;
    $("gate").hidden = inside;
    for (const id of ["tabs", "figures", "logout"]) $(id).hidden = !inside;
    if (!inside) {
      role = "";
      desk.leave();
      for (const id of panels) $(id).hidden = true;
      $("key").focus();
      return;
    }
    const now = await answer.json();
    $("figures").textContent = say("figures")(now);
    $("figures").classList.toggle("full", now.seats > 0 && now.calls >= now.seats);
    if (role !== now.role) {
      role = now.role;
      $("tab-desk").hidden = role === "viewer";
      open(location.hash.slice(1));
    }
    timer = setTimeout(status, 10000);
  }

  // open shows one panel; a viewer has no desk.
  function open(name) {
    if (!panels.includes(name) || (name === "desk" && role === "viewer")) name = role === "viewer" ? "records" : "desk";
    for (const id of panels) {
      $(id).hidden = id !== name;
      $("tab-" + id).setAttribute("aria-selected", String(id === name));
      $("tab-" + id).tabIndex = id === name ? 0 : -1;
    }
    if (role !== "viewer") desk.enter();
    if (name === "records") records();
    if (name === "outbound") campaigns();
  }

  async function records() {
    const answer = await fetch("/v1/calls?limit=50");
    if (!answer.ok) return;
    const { calls } = await answer.json();
    $("calls").replaceChildren(...(calls || []).reverse().map(row));
  }

  function row(call) {
    const said = make("td");
    for (const turn of call.turns) {
      if (turn.user) said.append(make("div", { class: "asked" }, turn.user));
      const photos = turn.photos || (turn.photo ? [turn.photo] : []);
      if (photos.length) said.append(make("div", { class: "asked" }, say("photoCount")(photos.length)));
      if (turn.reply) said.append(make("div", {}, turn.reply));
    }
    return make("tr", {}, make("td", {}, new Date(call.started).toLocaleString(locale())), make("td", {}, [word("channels", call.door), call.from].filter(Boolean).join(" ")), said, make("td", {}, call.outcome ? word("outcomes", call.outcome) : say("goesOn")));
  }

  async function campaigns() {
    const answer = await fetch("/v1/campaigns");
    if (!answer.ok) return;
    const { campaigns } = await answer.json();
    if (!campaigns?.length) {
      $("campaigns").replaceChildren(make("tr", {}, make("td", { colspan: "4", class: "hint" }, say("none"))));
      return;
    }
    $("campaigns").replaceChildren(...campaigns.map((c) => make("tr", {}, make("td", {}, c.name || c.id), make("td", {}, word("scripts", c.script)),
      make("td", {}, word("campaignStates", c.state)), make("td", {}, new Date(c.created).toLocaleString(locale())))));
  }

  $("login").addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await fetch("/v1/session", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ key: $("key").value.trim() }) });
    $("key").value = "";
    $("problem").hidden = answer.ok;
    if (!answer.ok) $("problem").textContent = say(answer.status === 429 ? "slowDown" : "wrongKey");
    status();
  });
  $("logout").addEventListener("click", async () => { await fetch("/v1/session", { method: "DELETE" }); status(); });
  $("tabs").addEventListener("click", (event) => {
    const name = event.target.closest("[role=tab]")?.dataset.tab;
    if (name) location.hash = name;
  });
  $("tabs").addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const tabs = [...$("tabs").children].filter((t) => !t.hidden);
    const next = tabs[(tabs.indexOf(document.activeElement) + step + tabs.length) % tabs.length];
    next.focus();
    location.hash = next.dataset.tab;
  });
  window.addEventListener("hashchange", () => { if (role) open(location.hash.slice(1)); });
  document.addEventListener("queue", () => status());
  document.addEventListener("language", () => { status(); if (role) open(location.hash.slice(1)); desk.redraw(); });
  status();
});
