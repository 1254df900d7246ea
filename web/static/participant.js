// Saves each answer as it is given. Without this script the page is a plain form.
// An answer stays in the browser's storage until the server has it, and is copied to
// where the service worker finds it when the line comes back after the tab is gone.
//
// An answer is kept here as text: "4", "1,3" for several choices, "2026-03-02" for
// a day, the words of a text; "" takes an answer back.
(() => {
  "use strict";
  const form = document.querySelector("form[data-save]");
  if (!form || !window.fetch) return;
  const say = form.dataset, $ = (id) => document.getElementById(id);
  const state = $("saving"), notice = $("notice"), prefix = say.save + "#";
  const known = new Map(new URLSearchParams(say.answers)); // what the server has, stamped
  const stands = new Map(); // the same as it stands on the page: "2,5" for 2.5
  const pending = new Map(); // what it has not confirmed
  const wrong = new Map(); // what it cannot take
  const questions = new Map([...form.querySelectorAll("[data-item]")].map((q) => [q.dataset.item, q]));
  const branches = "branches" in say;
  let busy = false, halted = false, tried = false, leaving = false;
  let onward = null, timer = 0, wait = 0, total = $("progress").max, answered = $("progress").value;

  // With each answer goes what the server had when it was given (its base), so that
  // an old one never replaces an answer that came from another device since; and
  // what was given of it here unconfirmed, which the page or the service worker may
  // have sent and which is no other device's.
  const bases = new Map(), given = new Map();

  // Storage may be refused; answers then wait in memory only.
  const storage = (f) => { try { return f(localStorage); } catch { return []; } };
  const keep = (item, value) => {
    const kind = kindOf(item) ?? kept(item)[2], base = bases.get(item) ?? "";
    storage((s) => s.setItem(prefix + item, JSON.stringify([value, base, kind, given.get(item) ?? []])));
    outbox("put", { key: prefix + item, url: say.save, item, value: typed(kind, value), base, at: Date.now() });
  };
  const kept = (item) => storage((s) => {
    const raw = s.getItem(prefix + item) ?? "[]";
    return raw.startsWith("[") ? JSON.parse(raw) : raw.split("|"); // as it was kept once
  });
  const drop = (item, value) => {
    if (value !== undefined && kept(item)[0] !== value) return;
    storage((s) => s.removeItem(prefix + item));
    outbox("delete", prefix + item);
  };

  // The copy for the service worker, which cannot read the other storage.
  let opened = null;
  function outbox(action, what) {
    if (!window.indexedDB || !navigator.serviceWorker) return;
    opened ??= new Promise((done, fail) => {
      const r = indexedDB.open("tidemark", 1);
      r.onupgradeneeded = () => r.result.createObjectStore("answers", { keyPath: "key" });
      r.onsuccess = () => done(r.result);
      r.onerror = fail;
    });
    opened.then((db) => { db.transaction("answers", "readwrite").objectStore("answers")[action](what); })
      .then(() => action === "put" && navigator.serviceWorker.ready.then((w) => w.sync?.register("answers")))
      .catch(() => {});
  }

  // A long text is remembered as its FNV-1a hash, as the server does.
  function stamp(text) {
    if (text.length <= 24) return text;
    let h = 2166136261;
    for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 16777619);
    return "~" + (h >>> 0).toString(16) + "." + text.length;
  }

  // 1 The questions

  const kindOf = (item) => questions.get(item)?.dataset.kind;
  const fieldsOf = (q) => [...q.querySelectorAll("input:not([type=hidden]):not([type=range]),textarea")];

  // What stands on the page as the answer to a question; null: not finished.
  function valueOf(q) {
    const fields = fieldsOf(q);
    switch (q.dataset.kind) {
      case "radio": case "steps": return fields.find((f) => f.checked)?.value ?? "";
      case "ticks": return fields.filter((f) => f.checked).map((f) => f.value).sort((a, b) => a - b).join(",");
      case "day": {
        const [d, m, y] = fields.map((f) => f.value.trim());
        if (!d && !m && !y) return "";
        if (!/^\d{1,2}$/.test(d) || !/^\d{1,2}$/.test(m) || !/^\d{4}$/.test(y)) return null;
        const at = new Date(Date.UTC(+y, m - 1, +d));
        return at.getUTCMonth() === m - 1 && +y > 99 ? at.toISOString().slice(0, 10) : null;
      }
      case "info": return null;
      default: return fields[0].value.trim().replace(/\r\n?/g, "\n");
    }
  }

  // Puts an answer onto the page.
  function put(q, value) {
    const fields = fieldsOf(q), parts = value.split(",");
    switch (q.dataset.kind) {
      case "radio": case "steps": for (const f of fields) f.checked = f.value === value; break;
      case "ticks": for (const f of fields) f.checked = parts.includes(f.value); break;
      case "day": fields.forEach((f, i) => { f.value = value && String(+value.split("-")[2 - i]); }); break;
      default: fields[0].value = value;
    }
    q.dispatchEvent(new Event("put"));
  }

  // As the server takes it.
  function typed(kind, value) {
    if (value === "") return null;
    if (kind === "ticks") return value.split(",").map(Number);
    if (kind === "radio" || kind === "steps" || !kind && !isNaN(value)) return +value;
    return value;
  }

  // How a question stands on this screen.
  function layoutOf(q) {
    if (q.querySelector("input[type=range]")) return "slider";
    const across = q.querySelector(".across");
    return across && getComputedStyle(across).gridAutoFlow.startsWith("column") ? "across" : q.dataset.kind === "radio" ? "stack" : q.dataset.kind;
  }

  // 2 What is said of it

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
    let n = answered;
    if (!branches) {
      const all = new Set(known.keys());
      for (const [item, value] of pending) value === "" ? all.delete(item) : all.add(item);
      n = all.size;
    }
    $("progress").value = n;
    $("progress").max = total;
    $("answered").textContent = say.count.replace("#1", n).replace("#2", total);
    const minutes = Math.ceil((total - n) * say.pace - 0.001);
    if ($("left")) $("left").textContent = n >= total ? say.all : minutes < 2 ? say.minute : say.minutes.replace("#", minutes);
  }

  // Marks a question with what is wrong with its answer, or takes the mark away.
  function mark(q, fault) {
    let p = q.querySelector(".fault");
    if (!fault && !q.classList.contains("wrong")) return;
    q.classList.toggle("wrong", !!fault);
    for (const f of fieldsOf(q)) {
      if (f.type !== "text" && f.tagName !== "TEXTAREA") continue;
      f.toggleAttribute("aria-invalid", false);
      if (!fault) continue;
      f.setAttribute("aria-invalid", "true");
      const ids = new Set((f.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean)).add(q.dataset.item + "-fault");
      f.setAttribute("aria-describedby", [...ids].join(" "));
    }
    if (!fault) return p.replaceChildren("\u00a0"); // its place stays, so that nothing moves under a finger
    if (!p) {
      p = document.createElement("p");
      p.className = "fault";
      p.id = q.dataset.item + "-fault";
      p.setAttribute("role", "alert");
      (q.querySelector(".options,.day-fields,.measure,textarea,input[type=text]")).before(p);
    }
    p.textContent = fault;
  }

  // 3 Saving

  function give(item, value) {
    if (!bases.has(item)) bases.set(item, known.get(item) ?? "");
    given.set(item, [...(given.get(item) ?? []).filter((v) => v !== stamp(value)), stamp(value)].slice(-20));
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
    const sent = new Map(pending), body = { answers: {}, layout: {}, base: {}, page: +say.page, opened: form.elements._opened?.value };
    for (const [item, value] of sent) {
      const q = questions.get(item);
      body.answers[item] = typed(q ? q.dataset.kind : kept(item)[2], value);
      body.base[item] = bases.get(item) ?? "";
      keep(item, value);
      if (q) body.layout[item] = layoutOf(q);
    }
    let reply, said = {};
    try {
      reply = await fetch(say.save, {
        method: "POST", keepalive: true, signal: window.AbortSignal?.timeout?.(15000),
        headers: { "Content-Type": "application/json", Accept: "application/json" },
        body: JSON.stringify(body),
      });
    } catch { /* no connection */ }
    try { said = await reply.json(); } catch { /* nothing that can be read */ }
    busy = false; // not before the answer is read: what is sent meanwhile would be sent twice
    if (reply?.ok) saved(sent, said);
    else if (!reply || reply.status > 499 || reply.status === 408 || reply.status === 429) later(reply);
    else refused(reply.status, sent, said);
  }

  // An answer may be one after which the page says who is there to talk to. It
  // stands behind the question, and nobody is led on past it unseen.
  function help(html, item) {
    if (!html) return;
    const place = document.querySelector(".help-now") ?? document.createElement("div");
    place.className = "help-now";
    place.setAttribute("role", "status");
    if (questions.has(item)) questions.get(item).after(place);
    else form.prepend(place);
    place.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
    if (!onward) return;
    onward = null;
    place.scrollIntoView({ block: "center" });
  }

  function saved(sent, reply) {
    wait = 0;
    help(reply.help, [...sent.keys()].pop());
    tell("");
    let open = false;
    for (const [item, value] of sent) {
      const other = reply.conflicts?.[item];
      if (other && given.get(item)?.includes(other.known)) { // this device's own, of which no word came back
        bases.set(item, other.known);
        continue;
      }
      if (other && pending.get(item) !== value) continue; // answered again meanwhile: that is held against the other
      if (other) {
        open = true;
        disagree(item, value, other);
        continue;
      }
      bases.delete(item);
      value === "" ? known.delete(item) : known.set(item, reply.known?.[item] ?? stamp(value));
      stands.set(item, value);
      drop(item, value);
      wrong.delete(item);
      if (questions.has(item)) mark(questions.get(item), "");
      if (pending.get(item) === value) {
        pending.delete(item);
        given.delete(item);
      } else if (pending.has(item)) give(item, pending.get(item));
    }
    const fresh = reply.shown ? branch(reply) : null;
    count();
    if (pending.size) return send();
    aloud(open ? "unsaved" : "saved");
    if (open) { // both answers are shown; the person chooses
      onward = null;
      state.textContent = "";
      return;
    }
    if (!onward) return;
    if (fresh) { // it has not been seen yet
      onward = null;
      return fieldsOf(fresh)[0]?.focus();
    }
    go();
  }

  // Two devices gave a question different answers. Both are shown; the stored one
  // stands until the person says otherwise.
  function disagree(item, value, other) {
    const q = questions.get(item);
    pending.delete(item);
    drop(item);
    bases.delete(item);
    given.delete(item);
    other.value === "" ? known.delete(item) : known.set(item, other.known);
    stands.set(item, other.value);
    if (!q) return tell(other.text);
    wrong.set(item, value);
    mark(q, other.text);
    const settle = (chosen) => {
      wrong.delete(item);
      mark(q, "");
      put(q, chosen);
      if (take(q)) send();
      else show("saved");
      fieldsOf(q)[0]?.focus();
    };
    const choices = document.createElement("span");
    choices.className = "keep";
    for (const [label, chosen] of [[other.theirs, other.value], [other.mine, value]]) {
      const b = Object.assign(document.createElement("button"), { type: "button", className: "btn ghost", textContent: label });
      b.addEventListener("click", () => settle(chosen));
      choices.append(b);
    }
    q.querySelector(".fault").append(choices);
  }

  // Shows what the answers bring up and hides what they take away; gives the first
  // question that has come.
  function branch(reply) {
    const shown = new Set(reply.shown);
    let first = null, gone = false;
    for (const [item, q] of questions) {
      if (q.hidden && shown.has(item)) {
        q.hidden = false;
        q.classList.add("fresh");
        first ??= q;
      } else if (!q.hidden && !shown.has(item)) {
        gone = q.hidden = true;
        q.classList.remove("fresh");
      }
    }
    [answered, total] = [reply.answered, reply.total];
    if (form.elements._seen) form.elements._seen.value = [...questions].filter(([, q]) => !q.hidden).map(([item]) => item);
    if (first) news.textContent = say.appeared + " " + (first.querySelector("legend,label") ?? first).textContent.trim();
    else if (gone) news.textContent = say.gone;
    return first;
  }

  // A server with too much to do says when to come back.
  function later(reply) {
    aloud("unsaved");
    stay();
    wait = Math.min(2 * wait || 1000, 30000);
    const told = Math.min(1000 * reply?.headers.get("Retry-After") || 0, 60000);
    timer = setTimeout(send, Math.max(wait, told));
  }

  // Continue was pressed and cannot be followed. Pressed once more, it is sent
  // as a plain form, whatever the script believes.
  function stay() {
    if (!onward) return;
    onward = null;
    tried = true;
    tell(say.offline);
  }

  function refused(status, sent, why) {
    const mine = why.fields && Object.keys(why.fields).filter((item) => sent.has(item));
    if (mine?.length) return unfit(mine, sent, why.fields);
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

  // Some answers cannot be taken: they stay as they are typed, with what is wrong,
  // and the others are sent.
  function unfit(items, sent, faults) {
    for (const item of items) {
      drop(item);
      if (pending.get(item) === sent.get(item)) pending.delete(item);
      wrong.set(item, sent.get(item));
      if (questions.has(item)) mark(questions.get(item), faults[item]);
    }
    count();
    if (pending.size) return send();
    show("unsaved");
    state.textContent = "";
    if (onward) go();
  }

  function go() {
    leaving = true;
    form.requestSubmit(onward);
  }

  // Takes what stands on the page as given, when it differs from what is known.
  function take(q) {
    const item = q.dataset.item, value = valueOf(q);
    if (value === null || halted || value === (pending.get(item) ?? wrong.get(item) ?? stands.get(item) ?? "")) return false;
    wrong.delete(item);
    mark(q, "");
    give(item, value);
    tried = false;
    wait = 0;
    return true;
  }

  // Takes it after a pause.
  const pauses = new Map();
  function soon(q, pause) {
    clearTimeout(pauses.get(q));
    pauses.set(q, setTimeout(() => { if (take(q)) send(); }, pause));
  }

  // 4 Sliders: no value until touched

  function slide(q) {
    const { min, max, step } = q.dataset, plain = q.querySelector(".options,.measure"), label = q.querySelector("legend,label");
    const range = Object.assign(document.createElement("input"), { type: "range", min, max, step: +step || "any" });
    const told = document.createElement("output"), box = document.createElement("div");
    box.className = "slide";
    label.id ||= q.dataset.item + "-asks";
    range.setAttribute("aria-labelledby", label.id);
    const described = plain.querySelector("input").getAttribute("aria-describedby");
    if (described) range.setAttribute("aria-describedby", described);
    box.append(range, told);
    plain.before(box);
    // The plain fields stay for the form; nobody has to pass them.
    plain.hidden = true;
    const unit = plain.querySelector("span")?.textContent ?? "";
    const read = () => {
      const value = valueOf(q), there = value !== "";
      range.classList.toggle("untouched", !there);
      if (there) range.value = value.replace(",", ".");
      else range.value = (+min + +max) / 2;
      told.textContent = there ? (+range.value).toLocaleString(document.documentElement.lang.slice(0, 2)) + (unit && " " + unit) : say.untouched;
      range.setAttribute("aria-valuetext", told.textContent);
    };
    const set = () => {
      const value = String(+range.value);
      for (const f of fieldsOf(q)) if (f.type === "radio") f.checked = f.value === value; else f.value = value;
      read();
      soon(q, 300);
    };
    range.addEventListener("input", set);
    range.addEventListener("click", set);
    for (const name of ["keydown", "keypress"]) range.addEventListener(name, (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault(); // Enter would send the page
      set();
    });
    q.addEventListener("put", read);
    const first = plain.querySelector("[id]"); // where links to the question lead
    if (first) { range.id = first.id; first.removeAttribute("id"); }
    if (label.htmlFor) label.htmlFor = range.id;
    read();
  }

  // 5 The page

  const live = document.createElement("p"), news = document.createElement("p");
  for (const p of [live, news]) {
    p.className = "hidden-text";
    p.setAttribute("role", "status");
    form.append(p);
  }

  for (const area of form.querySelectorAll("[data-limit]")) {
    const hint = $(area.name + "-hint");
    if (!hint) continue;
    const plain = hint.textContent;
    const left = () => {
      const n = area.dataset.limit - [...area.value.trim()].length;
      hint.textContent = n < 0 ? say.over.replace("#", -n) : n < area.dataset.limit / 4 ? say.characters.replace("#", n) : plain;
    };
    area.addEventListener("input", left);
    left();
  }

  form.reset(); // browsers bring back old choices; the server's are newer
  for (const q of questions.values()) if (q.dataset.min !== undefined) slide(q);
  for (const key of storage((s) => Object.keys(s))) {
    if (!key.startsWith(prefix)) continue;
    const item = key.slice(prefix.length), has = known.get(item) ?? "";
    const [value, before, , sent] = kept(item);
    if (typeof value !== "string" || has === stamp(value)) {
      drop(item);
      continue;
    }
    bases.set(item, sent?.includes(has) ? has : before ?? "");
    given.set(item, [...(sent ?? []), stamp(value)]);
    pending.set(item, value);
    if (questions.has(item)) put(questions.get(item), value);
  }
  for (const [item, q] of questions) {
    const value = valueOf(q);
    if (pending.has(item)) continue;
    if (q.classList.contains("wrong")) wrong.set(item, value);
    else if (value && (q.dataset.kind === "number" ? !known.has(item) : known.get(item) !== stamp(value))) give(item, value);
    else stands.set(item, value);
  }
  count();
  if (known.size) show("saved");
  else state.textContent = "";
  send();

  form.addEventListener("change", ({ target }) => {
    const q = target.closest("[data-item]");
    if (!q || halted || target.type === "range") return;
    // What stands alone goes with nothing else.
    if (target.type === "checkbox" && target.checked) {
      for (const f of fieldsOf(q)) if (f !== target && ("alone" in target.dataset || "alone" in f.dataset)) f.checked = false;
    }
    if (take(q)) send();
  });
  form.addEventListener("input", ({ target }) => {
    const q = target.closest("[data-item]");
    if (!q || !["line", "lines"].includes(q.dataset.kind)) return;
    soon(q, 1000);
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest(".clear");
    if (!button) return;
    event.preventDefault();
    const q = button.closest("[data-item]");
    put(q, "");
    if (take(q)) send();
    q.querySelector("input[type=range],input:not([type=hidden])").focus();
  });
  // What a press brings about, such as a question that appears, can move the button
  // from under the finger. It was meant all the same.
  let pressed = null;
  form.addEventListener("pointerdown", ({ target, clientX, clientY }) => {
    const button = target.closest("button");
    pressed = button && { button, clientX, clientY };
  });
  document.addEventListener("pointerup", ({ clientX, clientY }) => {
    const was = pressed;
    pressed = null;
    const still = was && Math.hypot(clientX - was.clientX, clientY - was.clientY) < 10;
    if (still && !was.button.contains(document.elementFromPoint(clientX, clientY))) was.button.click();
  });
  form.addEventListener("submit", (event) => {
    for (const q of questions.values()) if (!q.hidden) take(q);
    // The server takes what differs from what it is known to have.
    const shown = form.elements._shown;
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
  navigator.serviceWorker?.register("/service-worker.js", { scope: "/me" }).catch(() => {});
  document.addEventListener("visibilitychange", send);
})();
