// The one-time page of a phone caller: photos into the running call.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const $ = (id) => document.getElementById(id);
  $("photo").addEventListener("change", async () => {
    const files = [...$("photo").files];
    if (!files.length) return;
    $("problem").hidden = true;
    $("state").textContent = say("sending");
    const form = new FormData();
    for (const file of files.slice(0, 6)) form.append("photo", file);
    try {
      const answer = await fetch(location.pathname, { method: "POST", body: form });
      const body = await answer.json().catch(() => ({}));
      if (!answer.ok) throw new Error((language === "zh" && body.detail_zh) || body.detail || String(answer.status));
      $("state").textContent = say("photoSent");
      $("photo").disabled = true;
    } catch (problem) {
      $("state").textContent = "";
      $("problem").textContent = problem.message;
      $("problem").hidden = false;
      $("photo").value = "";
    }
  });
});
