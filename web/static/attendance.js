// Attendance by one tap. A tap is shown at once, waits in this browser until the server
// has it, and is sent in order, each under a name of its own so that it counts once
// however often it is sent. What waits holds no names. Without this script the list is
// a form.
(() => {
  "use strict";
  const form = document.querySelector("form.attendance");
  if (!form || !window.fetch || !window.crypto?.randomUUID) return;
  const key = "tidemark-taps-" + form.dataset.me, total = document.getElementById("taps");
  const boxes = new Map([...form.querySelectorAll("input[name=present]")].map((b) => [b.value, b]));
  const states = new Map();
  const words = { saved: "Saved", waiting: "Waiting for the line", sending: "Saving…", unsaved: "Not saved" };
  let queue = [], busy = false, wait = 0, timer = 0, out = false;

  // Storage may be refused: taps then wait in memory only.
  const read = () => { try { return JSON.parse(localStorage.getItem(key)) ?? []; } catch { return queue; } };
  const keep = () => { try { localStorage.setItem(key, JSON.stringify(queue)); } catch { /* refused */ } };
  const mine = (tap) => tap.url === form.dataset.tap && boxes.get(tap.enrolment);

  function show(box, name, text) {
    let p = states.get(box);
    if (!p) {
      p = document.createElement("p");
      p.className = "tap-state small";
      box.closest(".tap").append(p);
      states.set(box, p);
    }
    p.dataset.state = name;
    p.textContent = text ?? words[name];
  }

  // Read out only what changes how things stand.
  function sum() {
    const n = queue.length, text = out ? "You are signed out. Your taps are kept; sign in again and come back to this page."
      : n && wait ? `${n} ${n === 1 ? "tap waits" : "taps wait"} for the line.` : n ? "" : states.size ? "All taps are saved." : "";
    if (text && total.textContent !== text) total.textContent = text;
    total.dataset.state = n && wait || out ? "waiting" : "saved";
  }

  async function send() {
    if (busy || out) return;
    clearTimeout(timer);
    busy = true;
    queue = read();
    while (queue.length) {
      const tap = queue[0], box = mine(tap);
      if (box) show(box, "sending");
      let reply, said = {};
      try {
        reply = await fetch(tap.url, {
          method: "POST", redirect: "manual", keepalive: true, signal: window.AbortSignal?.timeout?.(15000),
          headers: { "Content-Type": "application/json", Accept: "application/json" },
          body: JSON.stringify({ enrolment: tap.enrolment, present: tap.present, ago: Math.max(0, Date.now() - tap.at), known: tap.known, once: tap.once }),
        });
      } catch { /* no line */ }
      if (reply?.type === "opaqueredirect" || reply?.status === 401) {
        out = true;
        if (box) show(box, "unsaved");
        break;
      }
      if (!reply || reply.status > 499 || reply.status === 408 || reply.status === 429) {
        for (const t of queue) if (mine(t)) show(mine(t), "waiting");
        wait = Math.min(2 * wait || 1000, 15000);
        timer = setTimeout(send, wait);
        break;
      }
      try { said = await reply.json(); } catch { /* nothing that can be read */ }
      wait = 0;
      queue = read().filter((t) => t.once !== tap.once); // another page may have added some
      if (reply.ok) for (const t of queue) if (t.url === tap.url && t.enrolment === tap.enrolment && t.own) t.known = said.known;
      keep();
      if (!box) continue;
      const later = queue.some((t) => mine(t) === box);
      if (!reply.ok) {
        show(box, "unsaved", said.message ?? words.unsaved);
        if (!later) box.checked = !tap.present;
        continue;
      }
      box.dataset.known = said.known;
      if (!later) box.checked = said.present;
      show(box, said.conflict ? "conflict" : "saved", said.conflict);
      if (said.conflict) total.textContent = said.conflict;
    }
    busy = false;
    sum();
  }

  form.addEventListener("change", ({ target: box }) => {
    if (!boxes.has(box.value)) return;
    const again = queue.some((t) => mine(t) === box);
    queue = [...read(), {
      url: form.dataset.tap, enrolment: box.value, present: box.checked, at: Date.now(), known: +box.dataset.known, own: again, once: crypto.randomUUID(),
    }];
    keep();
    show(box, wait ? "waiting" : "sending");
    sum();
    send();
  });

  for (const p of document.querySelectorAll("[data-plain]")) p.hidden = true;
  for (const p of document.querySelectorAll("[data-taps]")) p.hidden = false;
  form.querySelector("button.btn").textContent = "Everyone else is absent";
  form.reset(); // browsers bring back old ticks; the server's are newer
  queue = read();
  for (const tap of queue) {
    const box = mine(tap);
    if (!box) continue;
    box.checked = tap.present;
    show(box, "waiting");
  }
  // What waits goes first, so that the form says nothing older than it.
  form.addEventListener("submit", (event) => {
    if (!queue.length) return;
    event.preventDefault();
    total.textContent = "Some taps are not saved yet. Once they are, press the button again.";
    send();
  });
  addEventListener("online", () => { wait = 0; send(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) send(); });
  addEventListener("beforeunload", (event) => {
    if (!queue.length) return;
    event.preventDefault();
    event.returnValue = true;
  });
  send();
})();
