// The timer of a meeting. It is kept in this browser, so that loading the page again or
// opening the one for the wall goes on where it was. Without this script the plan
// stands with its times on the clock.
(() => {
  "use strict";
  const box = document.getElementById("timer"), steps = [...(box?.querySelectorAll("#steps > li") ?? [])];
  if (!steps.length) return;
  const $ = (id) => document.getElementById(id), key = "tidemark-meeting-" + box.dataset.key, shows = "shows" in box.dataset;
  const length = (i) => steps[i].dataset.minutes * 60000;
  let state = { step: 0, left: length(0), ends: 0 }, told = ""; // ends: when the part ends, if it runs

  // Storage may be refused: the timer then lasts as long as the page.
  const read = () => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };
  const keep = () => { try { localStorage.setItem(key, JSON.stringify(state)); } catch { /* refused */ } };
  const take = (s) => { if (s && steps[s.step]) state = s; };

  const left = () => state.ends ? state.ends - Date.now() : state.left;
  const titled = (i) => steps[i].querySelector(".what").textContent;

  function clock(ms) {
    const s = Math.ceil(Math.abs(ms) / 1000);
    return (ms < -999 ? "+" : "") + Math.floor(s / 60) + ":" + String(s % 60).padStart(2, "0");
  }

  function say(text) {
    if ($("timer-says")) $("timer-says").textContent = text;
  }

  function show() {
    steps.forEach((li, i) => {
      li.toggleAttribute("aria-current", false);
      if (i === state.step) li.setAttribute("aria-current", "step");
      li.classList.toggle("over", i < state.step);
    });
    const ms = left();
    $("step-now").textContent = titled(state.step);
    $("left").textContent = clock(ms);
    $("left").classList.toggle("late", ms < 0);
    if ($("run-timer")) $("run-timer").textContent = state.ends ? "Pause" : "Start";
    // The end of a part is told once, and nobody is hurried on.
    const over = state.step + "";
    if (state.ends && ms <= 0 && told !== over) {
      told = over;
      const next = steps[state.step + 1];
      say(titled(state.step) + " is over." + (next ? " Next: " + titled(state.step + 1) + ", " + next.dataset.minutes + " minutes." : " That was the last part."));
    }
  }

  function change(s, text) {
    state = s;
    keep();
    show();
    if (text) say(text);
  }

  const go = (i, running) => {
    if (!steps[i]) return;
    told = "";
    change({ step: i, left: length(i), ends: running ? Date.now() + length(i) : 0 }, titled(i) + ", " + steps[i].dataset.minutes + " minutes.");
  };
  const press = () => state.ends
    ? change({ step: state.step, left: left(), ends: 0 }, "Paused.")
    : change({ step: state.step, left: state.left, ends: Date.now() + state.left }, "Started: " + titled(state.step) + ".");

  take(read());
  if (state.ends && left() <= 0) told = state.step + ""; // it was told before this page was loaded
  $("controls").hidden = false;
  addEventListener("storage", (event) => { if (event.key === key) { take(read()); show(); } });
  if (!shows) {
    $("run-timer").addEventListener("click", press);
    $("next-step").addEventListener("click", () => go(state.step + 1, !!state.ends));
    $("back-step").addEventListener("click", () => go(state.step - 1, !!state.ends));
    $("again-timer").addEventListener("click", () => go(0, false));
    box.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      const does = { s: press, n: () => go(state.step + 1, !!state.ends), b: () => go(state.step - 1, !!state.ends) }[event.key];
      if (!does) return;
      event.preventDefault();
      does();
    });
  }
  setInterval(show, 250);
  show();
})();
