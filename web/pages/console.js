// The console: the latest conversations and the campaigns, for who has a key.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const $ = (id) => document.getElementById(id);

  async function show() {
    const answer = await fetch("/v1/calls?limit=50");
    const inside = answer.ok;
    $("gate").hidden = inside;
    $("inside").hidden = !inside;
    $("logout").hidden = !inside;
    if (!inside) return;
    const { calls } = await answer.json();
    $("calls").replaceChildren(...(calls || []).reverse().map(row));
    const { campaigns } = await (await fetch("/v1/campaigns")).json();
    $("campaigns").replaceChildren(...(campaigns?.length ? campaigns.map((c) => make("p", {}, `${c.name || c.id} · ${c.script} · ${c.state}`)) : [make("p", { class: "hint" }, say("none"))]));
  }

  function row(call) {
    const said = make("td");
    for (const turn of call.turns) {
      if (turn.user) said.append(make("div", {}, "› " + turn.user));
      if (turn.reply) said.append(make("div", {}, turn.reply));
    }
    return make("tr", {}, make("td", {}, new Date(call.started).toLocaleString()), make("td", {}, [call.door, call.from].filter(Boolean).join(" ")), said, make("td", {}, call.outcome || "…"));
  }

  $("login").addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await fetch("/v1/session", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ key: $("key").value.trim() }) });
    $("key").value = "";
    $("problem").hidden = answer.ok;
    if (!answer.ok) $("problem").textContent = say("wrongKey");
    show();
  });
  $("logout").addEventListener("click", async () => { await fetch("/v1/session", { method: "DELETE" }); show(); });
  document.addEventListener("language", show);
  show();
});
