// Eases the writing of questionnaires: items are dragged to their place, and an item
// is shown as people see it while its form is filled in. Without this script there
// are buttons for both.
(() => {
  "use strict";

  // 1 Dragging. The form of the dragged item is sent, as its buttons would.

  let held = null;
  for (const item of document.querySelectorAll(".parts-list > li[data-item]")) {
    item.draggable = true;
    item.addEventListener("dragstart", (e) => {
      held = item;
      item.classList.add("held");
      e.dataTransfer.effectAllowed = "move";
      e.dataTransfer.setData("text/plain", item.dataset.item);
    });
    item.addEventListener("dragend", () => {
      held = null;
      for (const li of document.querySelectorAll(".held, .over")) li.classList.remove("held", "over");
    });
  }
  for (const list of document.querySelectorAll(".parts-list")) {
    list.addEventListener("dragover", (e) => {
      if (!held) return;
      e.preventDefault();
      for (const li of document.querySelectorAll(".over")) li.classList.remove("over");
      e.target.closest("li")?.classList.add("over");
    });
    list.addEventListener("drop", (e) => {
      if (!held) return;
      e.preventDefault();
      const others = [...list.querySelectorAll("li[data-item]")].filter((li) => li !== held);
      const before = others.indexOf(e.target.closest("li[data-item]"));
      send(held.querySelector("form"), { do: "to " + held.dataset.item, page: list.dataset.page, place: before < 0 ? others.length : before });
    });
  }

  function send(form, values) {
    form.querySelector("[name=page]")?.remove();
    for (const [name, value] of Object.entries(values)) {
      const field = document.createElement("input");
      field.type = "hidden";
      field.name = name;
      field.value = value;
      form.append(field);
    }
    form.submit();
  }

  // 2 The item as people see it, beside its form.

  const form = document.querySelector(".item-form[data-look]"), look = document.getElementById("look");
  if (!form || !look || !window.fetch) return;
  look.hidden = false;
  form.querySelector("[formtarget]").hidden = true;
  let timer = 0, asked = 0;
  const show = async () => {
    const mine = ++asked;
    try {
      const answer = await fetch(form.dataset.look, { method: "POST", body: new URLSearchParams(new FormData(form)) });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const seen = page.querySelectorAll(".question, .warn-note");
      if (mine !== asked || !answer.ok || !seen.length) return;
      for (const e of page.querySelectorAll("[id], [for], [aria-describedby]")) for (const a of ["id", "for", "aria-describedby"]) e.removeAttribute(a);
      look.querySelector(".seen").replaceChildren(...seen);
    } catch { /* no line: it is shown with the next letter */ }
  };
  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(show, 400); });
  show();
})();
