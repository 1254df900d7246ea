// Sends answers that wait when the line comes back, also after the tab is gone, and
// says in plain words that there is no line when a page cannot be had. It keeps no
// page with answers on it. The server puts the version, the style sheet and the icon
// before this file.
"use strict";
/* global version, files */

const cacheName = "offline-" + version;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(cacheName).then((c) => c.addAll(files)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(caches.keys()
    .then((names) => Promise.all(names.filter((n) => n.startsWith("offline-") && n !== cacheName).map((n) => caches.delete(n))))
    .then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") {
    // A page that comes shows that the line is back, also to browsers that do not
    // know the sync event.
    const page = fetch(request);
    event.respondWith(page.catch(() => caches.match("/offline", { cacheName })));
    event.waitUntil(page.then(sendAll).catch(() => {}));
  } else if (files.includes(new URL(request.url).pathname)) {
    event.respondWith(caches.match(request, { cacheName }).then((r) => r ?? fetch(request)));
  }
});

self.addEventListener("sync", (event) => {
  if (event.tag === "answers") event.waitUntil(settle());
});

const store = () => new Promise((done, fail) => {
  const r = indexedDB.open("tidemark", 1);
  r.onupgradeneeded = () => r.result.createObjectStore("answers", { keyPath: "key" });
  r.onsuccess = () => done(r.result);
  r.onerror = () => fail(r.error);
});

const asked = (request) => new Promise((done, fail) => {
  request.onsuccess = () => done(request.result);
  request.onerror = () => fail(request.error);
});

// A page that can be seen sends its own answers, a moment after they are given; what
// is left when it has had time is tried again by the browser, later.
async function settle() {
  for (let n = 0; n < 5; n++) {
    if (!await sendAll()) return;
    await new Promise((done) => { setTimeout(done, 1000); });
  }
  throw new Error("a page that is open still has answers to send");
}

// Whether the questionnaire to which an answer belongs is open and seen.
const isOpen = (pages, url) => pages.some((page) =>
  page.visibilityState === "visible" && new URL(page.url).pathname.startsWith(url.replace(/save$/, "")));

let sending = null; // one round at a time
function sendAll() {
  sending ??= sendWaiting().finally(() => { sending = null; });
  return sending;
}

// One after the other, in the order in which they were given. What the server
// cannot take, and what another device has changed, waits for the person. Gives how
// many were left to pages that are open.
async function sendWaiting() {
  const db = await store();
  const waiting = await asked(db.transaction("answers").objectStore("answers").getAll());
  waiting.sort((a, b) => a.at - b.at);
  let left = 0;
  for (const { key, url, item, value, base, at } of waiting) {
    // Looked at anew each time: the person may have come back.
    if (isOpen(await self.clients.matchAll({ type: "window", includeUncontrolled: true }), url)) {
      left++;
      continue;
    }
    const reply = await fetch(url, {
      method: "POST", headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify({ answers: { [item]: value }, base: { [item]: base }, waited: true }),
    });
    if (reply.status > 499 || reply.status === 408 || reply.status === 429) throw new Error("the server cannot take it now");
    if (!reply.ok || (await reply.json()).conflicts) continue;
    const answers = db.transaction("answers", "readwrite").objectStore("answers");
    const now = await asked(answers.get(key));
    if (now && now.at === at) await asked(answers.delete(key));
  }
  return left;
}
