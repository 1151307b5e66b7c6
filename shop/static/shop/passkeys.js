// A passkey that the browser refuses, or that somebody calls off, is said on the page and not in the console alone.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const note = document.getElementById("passkey-problem");
  const button = document.querySelector("#passkey_login, #mfa_webauthn_authenticate, #mfa_webauthn_reauthenticate, #mfa_webauthn_add");
  if (!note) return;
  if (button) (button.closest(".button-group, form") || button).after(note);
  note.hidden = false;
  note.textContent = "";
  requestAnimationFrame(() => { note.textContent = note.dataset.said; });
});
