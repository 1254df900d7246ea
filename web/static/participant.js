// Saves each answer as it is given. Without this script the page is a plain form.
// An answer stays in the browser's storage until the server has it.
(() => {
  "use strict";
  const form = document.querySelector("form[data-save]");
  if (!form || !window.fetch) return;
  const say = form.dataset, $ = (id) => document.getElementById(id);
  const state = $("saving"), notice = $("notice"), prefix = say.save + "#";
  const known = new Map(new URLSearchParams(say.answers)); // what the server has
  const pending = new Map(); // what it has not confirmed
  let busy = false, halted = false, tried = false, leaving = false;
  let onward = null, timer = 0, wait = 0;

  // Storage may be refused; answers then wait in memory only.
  const storage = (f) => { try { return f(localStorage); } catch { return []; } };
  // With each answer goes what the server had when it was given, so that an old
  // one never replaces an answer that came from another device since.
  const keep = (item, value) => storage((s) => s.setItem(prefix + item, value + "|" + (known.get(item) ?? "")));
  const drop = (item, value) => storage((s) => {
    if (!value || (s.getItem(prefix + item) ?? "").startsWith(value + "|")) s.removeItem(prefix + item);
  });

  function show(name) {
    state.dataset.state = name;
    state.textContent = say[name];
  }

  // Read out only what changes how things stand, and never "Saving…".
  function aloud(name) {
    show(name);
    if (live.textContent !== say[name]) live.textContent = say[name];
  }

  function tell(text) {
    notice.hidden = !text;
    notice.firstElementChild.textContent = text;
  }

  function count() {
    const n = new Set([...known.keys(), ...pending.keys()]).size, all = $("progress").max;
    $("progress").value = n;
    $("answered").textContent = say.count.replace("#", n);
    const minutes = Math.ceil((all - n) * say.pace - 0.001);
    if ($("left")) $("left").textContent = n >= all ? say.all : minutes < 2 ? say.minute : say.minutes.replace("#", minutes);
  }

  function give(item, value) {
    pending.set(item, value);
    keep(item, value);
    count();
  }

  // One request at a time, so that no answer overtakes a later one.
  async function send() {
    if (busy || halted || !pending.size) return;
    clearTimeout(timer);
    busy = true;
    show("saving");
    const sent = new Map(pending);
    let reply;
    try {
      reply = await fetch(say.save, {
        method: "POST", keepalive: true, signal: window.AbortSignal?.timeout?.(15000),
        headers: { "Content-Type": "application/json", Accept: "application/json" },
        body: JSON.stringify({ answers: Object.fromEntries([...sent].map(([k, v]) => [k, +v])) }),
      });
    } catch { /* no connection */ }
    busy = false;
    if (reply?.ok) saved(sent);
    else if (!reply || reply.status > 499 || reply.status === 408 || reply.status === 429) later();
    else refused(reply.status, await reply.json().catch(() => ({})));
  }

  function saved(sent) {
    wait = 0;
    if (notice.textContent !== say.elsewhere) tell("");
    for (const [item, value] of sent) {
      known.set(item, value);
      drop(item, value);
      if (pending.get(item) === value) pending.delete(item);
      else keep(item, pending.get(item));
    }
    if (pending.size) return send();
    aloud("saved");
    if (onward) go();
  }

  function later() {
    aloud("unsaved");
    stay();
    wait = Math.min(2 * wait || 1000, 30000);
    timer = setTimeout(send, wait);
  }

  // Continue was pressed and cannot be followed. Pressed once more, it is sent
  // as a plain form, whatever the script believes.
  function stay() {
    if (!onward) return;
    onward = null;
    tried = true;
    tell(say.offline);
  }

  function refused(status, why) {
    aloud("unsaved");
    if (onward) return go(); // the server's own page says more, and keeps the answers
    if (status === 401) return tell(say.link); // tried again when the person is back
    halted = true;
    if (["error.submitted", "error.expired", "error.withdrawn"].includes(why.error)) {
      for (const item of pending.keys()) drop(item);
      pending.clear();
    }
    state.textContent = "";
    tell(why.message || say.unsaved);
  }

  function go() {
    leaving = true;
    form.requestSubmit(onward);
  }

  const live = document.createElement("p");
  live.className = "hidden-text";
  live.setAttribute("role", "status");
  form.append(live);

  form.reset(); // browsers bring back old choices; the server's are newer
  for (const key of storage((s) => Object.keys(s))) {
    if (!key.startsWith(prefix)) continue;
    const item = key.slice(prefix.length), has = known.get(item) ?? "";
    const [value, before] = (storage((s) => s.getItem(key)) + "|").split("|");
    if (has === before && has !== value) {
      pending.set(item, value);
      for (const radio of form.elements) if (radio.name === item) radio.checked = radio.value === value;
      continue;
    }
    drop(item);
    if (has !== value) tell(say.elsewhere);
  }
  for (const radio of form.querySelectorAll("input:checked")) {
    if (known.get(radio.name) !== radio.value) give(radio.name, radio.value);
  }
  count();
  if (known.size) show("saved");
  else state.textContent = "";
  send();

  form.addEventListener("change", ({ target }) => {
    if (target.type !== "radio" || halted) return;
    give(target.name, target.value);
    tried = false;
    wait = 0;
    send();
  });
  form.addEventListener("submit", (event) => {
    // The server takes what differs from what it is known to have.
    const shown = form.elements.shown;
    if (shown) shown.value = new URLSearchParams([...known].filter(([item]) => !pending.has(item)));
    if (leaving || halted || tried || !form.requestSubmit || (!pending.size && navigator.onLine)) {
      leaving = true;
      return;
    }
    event.preventDefault();
    onward = event.submitter;
    if (pending.size) send();
    else stay();
  });
  addEventListener("beforeunload", (event) => {
    if (!pending.size || leaving) return;
    event.preventDefault();
    event.returnValue = true;
  });
  addEventListener("pageshow", () => { leaving = false; });
  addEventListener("online", send);
  document.addEventListener("visibilitychange", send);
})();
