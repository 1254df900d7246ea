// The board of a course run: arrow keys within the table, filters that act at once,
// and what others do shown as it happens. Without this script the filters are a form,
// and the page shows what was so when it was opened.
(() => {
  "use strict";
  const main = document.querySelector("main[data-table]"), table = () => document.getElementById("people-table");
  if (!main || !table() || !window.fetch) return;
  const form = document.querySelector("form.filters"), say = document.getElementById("board-says");

  // 1 Keys. The table is one stop of the tabulator; arrows move within it.

  const cellsOf = (row) => [...row.cells];
  const rows = () => [...table().rows].filter((r) => !r.classList.contains("group"));
  const target = (cell) => cell.querySelector("a,button") ?? cell;

  function stops() {
    table().setAttribute("role", "grid");
    for (const a of table().querySelectorAll("tbody a")) a.tabIndex = -1;
    const first = table().querySelector("tbody th[scope=row]");
    if (first) target(first).tabIndex = 0;
  }

  function go(cell) {
    for (const e of table().querySelectorAll("[tabindex='0']")) e.tabIndex = -1;
    const t = target(cell);
    t.tabIndex = 0;
    t.focus({ preventScroll: true });
    // Neither the head nor the first column may cover it.
    const box = table().parentElement, c = cell.getBoundingClientRect(), b = box.getBoundingClientRect();
    const head = table().tHead.getBoundingClientRect().height, side = table().rows[0].cells[0].getBoundingClientRect().width;
    if (c.top < b.top + head) box.scrollTop -= b.top + head - c.top;
    if (c.bottom > b.bottom) box.scrollTop += c.bottom - b.bottom;
    if (cell.cellIndex && c.left < b.left + side) box.scrollLeft -= b.left + side - c.left;
    if (c.right > b.right) box.scrollLeft += c.right - b.right;
    cell.scrollIntoView({ block: "nearest" });
  }

  main.addEventListener("keydown", (event) => {
    const cell = event.target.closest?.("#people-table th,#people-table td");
    if (!cell || event.altKey || event.metaKey || event.shiftKey) return;
    const all = rows(), y = all.indexOf(cell.parentElement), x = cell.cellIndex, last = cellsOf(all[y] ?? all[0]).length - 1;
    const to = {
      ArrowRight: [y, x + 1], ArrowLeft: [y, x - 1], ArrowDown: [y + 1, x], ArrowUp: [y - 1, x],
      Home: [event.ctrlKey ? 1 : y, 0], End: [event.ctrlKey ? all.length - 1 : y, last],
      PageDown: [Math.min(y + 10, all.length - 1), x], PageUp: [Math.max(y - 10, 1), x],
    }[event.key];
    if (!to || y < 0 || event.ctrlKey && !["Home", "End"].includes(event.key)) return;
    event.preventDefault();
    const next = all[to[0]]?.cells[to[1]];
    if (next) go(next);
  });

  // 2 What stands on the page, brought up to date

  const query = () => new URLSearchParams([...new FormData(form)].filter(([, v]) => v)).toString();
  const names = () => cellsOf(table().rows[0]).map((c) => c.querySelector("abbr")?.title ?? "");

  // In words what has become of a person: "P-7KQ2 completed Week 3".
  function sentence(code, wave, word) {
    if (word === "complete") return `${code} completed ${wave}`;
    if (word === "partly") return `${code} began ${wave}`;
    return `${code}, ${wave}: ${word}`;
  }

  // Puts what is new into the table as it stands, so that nothing that has the focus
  // goes away; a list of other people replaces it whole.
  function merge(fresh) {
    const old = table(), changes = [], heads = names();
    const ids = (t) => [...t.rows].map((r) => r.id || r.textContent).join("\n");
    const same = ids(old) === ids(fresh) && old.tHead.textContent === fresh.tHead.textContent;
    const before = new Map([...old.rows].filter((r) => r.id).map((r) => [r.id, cellsOf(r).map((c) => c.textContent)]));
    const here = document.activeElement?.closest("#people-table th,#people-table td");
    const place = here && [here.parentElement.id, here.cellIndex];
    for (const row of [...fresh.rows]) {
      const was = row.id && before.get(row.id), mine = same && old.rows[row.rowIndex];
      cellsOf(row).forEach((cell, x) => {
        const changed = was && was[x] !== cell.textContent;
        if (changed && cell.classList.contains("c")) changes.push(sentence(row.id, heads[x], cell.textContent));
        if (changed) cell.classList.add("fresh");
        if (!mine) return;
        const on = mine.cells[x];
        if (on.className !== cell.className) on.className = cell.className;
        if (on.innerHTML !== cell.innerHTML && on.textContent !== cell.textContent) on.replaceChildren(...cell.childNodes);
      });
    }
    if (!same) {
      old.replaceWith(fresh);
      stops();
      const row = place && document.getElementById(place[0]);
      if (row) go(row.cells[place[1]]);
      if (!changes.length && [...fresh.rows].some((r) => r.id && !before.has(r.id))) changes.push("The list of people has changed");
    }
    return changes;
  }

  let asking = null;
  async function update(aloud) {
    asking?.abort();
    asking = new AbortController();
    const asked = query();
    let reply;
    try {
      reply = await fetch(main.dataset.table + "?" + asked, { signal: asking.signal, headers: { Accept: "text/html" } });
    } catch { return; /* asked again later, or for something else */ }
    if (reply.status === 401 || reply.redirected) return location.reload(); // to sign in again
    if (!reply.ok) return;
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    if (asked !== query()) return;
    for (const id of ["cards", "shown"]) {
      const [on, fresh] = [document.getElementById(id), page.getElementById(id)];
      if (on && fresh && on.innerHTML !== fresh.innerHTML) on.innerHTML = fresh.innerHTML;
    }
    const changes = merge(document.importNode(page.getElementById("people-table"), true));
    if (!aloud) return;
    if (changes.length > 3) say.textContent = changes.length + " changes on the board.";
    else if (changes.length) say.textContent = changes.join("; ") + ".";
  }

  // 3 Filters that act at once

  let pause = 0;
  async function filter() {
    const q = query();
    history.replaceState(null, "", location.pathname + (q && "?" + q));
    await update(false);
    say.textContent = document.getElementById("shown").firstChild.textContent.trim() + " shown.";
  }
  form.addEventListener("change", filter);
  form.addEventListener("input", ({ target: t }) => {
    if (t.type !== "text") return;
    clearTimeout(pause);
    pause = setTimeout(filter, 300);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(pause);
    filter();
  });

  // 4 What others do, as it happens

  // The stream says only that something is other than it was. It rests while nobody
  // looks at the page, for browsers have few lines to a server; without it the page
  // asks every half minute.
  const lamp = document.getElementById("live");
  let source = null, version = main.dataset.version, timer = 0, resting = 0;

  function light(on) {
    lamp.textContent = on ? "Live: what people do shows here within seconds." : "Not live at the moment: asked again every half minute.";
    lamp.dataset.on = on;
  }

  async function news(now) {
    if (!now || now === version) return;
    version = now;
    await update(true);
  }

  async function ask() {
    try {
      const reply = await fetch(main.dataset.events, { headers: { Accept: "text/plain" } });
      if (reply.redirected || reply.status === 401) return location.reload();
      if (reply.ok) await news((await reply.text()).trim());
    } catch { /* no line */ }
    watch();
  }

  function watch() {
    clearTimeout(timer);
    source?.close();
    source = null;
    if (document.hidden) return;
    if (!window.EventSource) { timer = setTimeout(ask, 30000); return; }
    source = new EventSource(main.dataset.events + "?version=" + encodeURIComponent(version));
    source.addEventListener("open", () => light(true));
    source.addEventListener("changed", (event) => news(event.data));
    source.addEventListener("error", () => {
      light(false);
      if (source?.readyState === EventSource.CLOSED) timer = setTimeout(ask, 30000);
    });
  }

  document.addEventListener("visibilitychange", () => {
    clearTimeout(resting);
    if (!document.hidden) { if (!source) watch(); } else {
      resting = setTimeout(() => { source?.close(); source = null; clearTimeout(timer); }, 20000);
    }
  });
  addEventListener("pagehide", () => { source?.close(); source = null; });
  addEventListener("pageshow", (event) => { if (event.persisted) watch(); });
  // The clock changes a board too: a wave opens or closes with nothing done.
  setInterval(() => { if (!document.hidden) update(false); }, 600000);

  stops();
  watch();
})();
