// A conversation with the gateway: starting it, following it, saying, showing
// and calling. It knows nothing of the page.
"use strict";

class Talk {
  constructor(onEntry, onState) {
    this.onEntry = onEntry;
    this.onState = onState;
    this.id = null;
    this.token = null;
    this.peer = null;
  }

  async request(method, path, body, headers = {}) {
    if (this.token) headers.Authorization = "Bearer " + this.token;
    const answer = await fetch(path, { method, body, headers });
    if (!answer.ok) throw await Talk.problem(answer);
    return answer;
  }

  static async problem(answer) {
    let p = {};
    try { p = await answer.json(); } catch { /* a proxy answered, not the gateway */ }
    return new Error((language === "zh" && p.detail_zh) || p.detail || p.title || String(answer.status));
  }

  // start opens a conversation unless one is open, and follows its log.
  async start(channel) {
    if (this.id) return;
    this.token = null;
    const answer = await this.request("POST", "/v1/conversations", JSON.stringify({ channel }), { "Content-Type": "application/json" });
    const begun = await answer.json();
    this.id = begun.id;
    this.token = begun.token;
    this.follow(begun.id);
  }

  // follow reads the server-sent events with fetch: an EventSource could not
  // carry the token in a header.
  async follow(id) {
    let last = 0;
    for (let pause = 500; this.id === id; pause = Math.min(2 * pause, 8000)) {
      try {
        const answer = await this.request("GET", `/v1/conversations/${id}/events`);
        pause = 500;
        for await (const entry of Talk.entries(answer.body)) {
          if (entry.seq <= last) continue;
          last = entry.seq;
          this.onEntry(entry);
          if (entry.ended) { this.forget(id); return; }
        }
      } catch { this.onState("offline"); }
      await new Promise((done) => setTimeout(done, pause));
    }
  }

  static async *entries(body) {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      rest += value;
      const blocks = rest.split("\n\n");
      rest = blocks.pop();
      for (const block of blocks) {
        const kind = /^event: (.*)$/m.exec(block)?.[1];
        const data = /^data: (.*)$/m.exec(block)?.[1];
        if (kind === "entry" && data) yield JSON.parse(data);
      }
    }
  }

  forget(id) {
    if (this.id !== id) return;
    this.id = null;
    this.hangUp();
    this.onState("over");
  }

  async say(text) {
    await this.start("text");
    await this.request("POST", `/v1/conversations/${this.id}/turns`, JSON.stringify({ text }), { "Content-Type": "application/json" });
  }

  // show sends photos of one matter; they are judged together.
  async show(files) {
    await this.start("text");
    const form = new FormData();
    for (const file of files) form.append("photo", file);
    const answer = await this.request("POST", `/v1/conversations/${this.id}/photos`, form);
    return answer.json();
  }

  // picture fetches what only this conversation may see, as an object URL.
  async picture(path) {
    const answer = await this.request("GET", path);
    return URL.createObjectURL(await answer.blob());
  }

  // call opens the microphone and joins the conversation by WHIP (RFC 9725).
  async call(speaker) {
    const microphone = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true } });
    try {
      await this.start("browser");
      const peer = new RTCPeerConnection();
      this.peer = peer;
      peer.microphone = microphone;
      for (const track of microphone.getTracks()) peer.addTrack(track, microphone);
      peer.ontrack = (event) => { speaker.srcObject = event.streams[0] || new MediaStream([event.track]); };
      peer.onconnectionstatechange = () => {
        if (peer !== this.peer) return;
        if (peer.connectionState === "connected") this.onState("talking");
        if (["failed", "closed", "disconnected"].includes(peer.connectionState)) this.hangUp();
      };
      await peer.setLocalDescription(await peer.createOffer());
      await Talk.gathered(peer);
      const answer = await this.request("POST", `/v1/webrtc?conversation=${this.id}`, peer.localDescription.sdp, { "Content-Type": "application/sdp" });
      peer.resource = answer.headers.get("Location");
      await peer.setRemoteDescription({ type: "answer", sdp: await answer.text() });
    } catch (problem) {
      microphone.getTracks().forEach((track) => track.stop());
      this.hangUp();
      throw problem;
    }
  }

  // gathered waits for candidates, but not for slow ones.
  static gathered(peer) {
    if (peer.iceGatheringState === "complete") return Promise.resolve();
    return new Promise((done) => {
      const finish = () => { if (peer.iceGatheringState === "complete") done(); };
      peer.addEventListener("icegatheringstatechange", finish);
      setTimeout(done, 1500);
    });
  }

  hangUp() {
    const peer = this.peer;
    if (!peer) return;
    this.peer = null;
    peer.microphone.getTracks().forEach((track) => track.stop());
    peer.close();
    if (peer.resource) fetch(peer.resource, { method: "DELETE" }).catch(() => {});
    this.onState("ended");
  }
}
