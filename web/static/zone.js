// Tells the study where this device is, so that letters do not come at night. The
// person can choose another time zone among their data; then the page does not ask.
(() => {
  "use strict";
  const page = document.querySelector("[data-zone]"), zone = window.Intl && Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!page || !zone || zone === page.dataset.zone || !window.fetch) return;
  fetch("/me/data/zone", { method: "POST", body: new URLSearchParams({ found: zone }) }).catch(() => {});
})();
