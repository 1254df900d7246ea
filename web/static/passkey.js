// Passkeys: the browser asks its device and sends the answer. Without this script people
// sign in by password and code.
(() => {
  "use strict";
  if (!window.PublicKeyCredential) return;

  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  // What is bytes for a device is base64url in JSON.
  const question = (q) => {
    const key = q.publicKey;
    key.challenge = bytes(key.challenge);
    if (key.user) key.user.id = bytes(key.user.id);
    for (const list of [key.excludeCredentials, key.allowCredentials]) {
      for (const c of list || []) c.id = bytes(c.id);
    }
    return { publicKey: key };
  };
  const answer = (c) => {
    const r = { clientDataJSON: text(c.response.clientDataJSON) };
    for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (c.response[name]) r[name] = text(c.response[name]);
    }
    if (c.response.getTransports) r.transports = c.response.getTransports();
    return { id: c.id, rawId: text(c.rawId), type: c.type, response: r, clientExtensionResults: c.getClientExtensionResults() };
  };

  const send = async (path, body) => {
    const r = await fetch(path, {
      method: "POST", credentials: "same-origin",
      headers: { "Accept": "application/json", "Content-Type": "application/json" }, body: JSON.stringify(body),
    });
    const said = await r.json();
    if (!r.ok) throw new Error(said.message);
    return said;
  };

  for (const box of document.querySelectorAll("[data-passkey]")) {
    const button = box.querySelector("button"), note = box.querySelector("[role=status]"), name = box.querySelector("input");
    box.hidden = false;
    button.addEventListener("click", async () => {
      button.disabled = true;
      note.textContent = "";
      try {
        const begun = await send(box.dataset.passkey + "/begin", {});
        const asked = question(begun.question);
        let got;
        try {
          got = await (asked.publicKey.user ? navigator.credentials.create(asked) : navigator.credentials.get(asked));
        } catch {
          throw new Error("Your device did not answer, or it was stopped. Try again, or go on without a passkey.");
        }
        const done = await send(box.dataset.passkey + "/finish", {
          token: begun.token, name: name ? name.value : "", next: box.dataset.next || "", answer: answer(got),
        });
        location.assign(done.next);
      } catch (e) {
        note.textContent = e.message;
        button.disabled = false;
      }
    });
  }
})();
