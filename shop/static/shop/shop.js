// What pages do beyond htmx: the search field's list of suggestions, and a word when the shop cannot be reached.
// Without this script the field is a plain search, and links and forms work as ever.
(() => {
  "use strict";
  const field = document.getElementById("search");
  const place = document.getElementById("suggest");
  const said = document.getElementById("suggest-status");

  // ARIA Authoring Practices, combobox with a list: the focus stays in the field, aria-activedescendant names the choice.
  const options = () => [...place.querySelectorAll("[role=option]")];
  const chosen = () => place.querySelector("[aria-selected=true]");

  function open(yes) {
    field.setAttribute("aria-expanded", String(yes));
    place.hidden = !yes;
    if (!yes) choose(null);
  }

  function choose(one) {
    for (const other of options()) other.setAttribute("aria-selected", String(other === one));
    if (one) {
      field.setAttribute("aria-activedescendant", one.id);
      one.scrollIntoView({ block: "nearest" });
    } else field.removeAttribute("aria-activedescendant");
  }

  function move(step) {
    const all = options();
    if (!all.length) return;
    open(true);
    // One place more than there are options: there the words in the field are chosen again.
    const next = (all.indexOf(chosen()) + 1 + step + all.length + 1) % (all.length + 1);
    choose(next ? all[next - 1] : null);
  }

  if (field && place) {
    field.setAttribute("role", "combobox");
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", "suggestions");
    field.setAttribute("aria-haspopup", "listbox");
    open(false);
    place.addEventListener("htmx:afterSwap", () => {
      const many = options().length;
      open(many > 0 && document.activeElement === field);
      const list = place.querySelector("[data-said]");
      if (said) said.textContent = list ? list.dataset.said : "";
    });
    field.addEventListener("keydown", (event) => {
      if (event.isComposing) return; // an input method has the keys
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        if (!options().length) return;
        event.preventDefault();
        move(event.key === "ArrowDown" ? 1 : -1);
      } else if (event.key === "Enter" && chosen()) {
        event.preventDefault();
        chosen().click();
      } else if (event.key === "Escape" && field.getAttribute("aria-expanded") === "true") {
        event.preventDefault();
        open(false);
      }
    });
    field.addEventListener("focus", () => open(options().length > 0 && field.value.trim() !== ""));
    field.form.addEventListener("focusout", (event) => {
      if (!field.form.contains(event.relatedTarget)) open(false);
    });
    place.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
  }

  // A page that comes back with what was wrong says it first: a live region that was there from the start is not read.
  const wrong = document.querySelector("main .notice--error[role=alert]");
  if (wrong) {
    wrong.tabIndex = -1;
    wrong.focus();
  }

  const offline = document.getElementById("unreachable");
  if (offline) {
    document.body.addEventListener("htmx:sendError", (event) => {
      if (event.detail.requestConfig.verb !== "get") offline.hidden = false;
    });
    document.body.addEventListener("htmx:afterRequest", (event) => {
      if (event.detail.successful) offline.hidden = true;
    });
  }
})();
