// Suggest an address from the organisation's name until somebody types one.
"use strict";

const form = document.querySelector("[data-signup]");
const organisation = form.elements.organisation;
const slug = form.elements.slug;
let own = slug.value !== "";

const suggest = (name) =>
  name.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase()
    .replace(/[^a-z0-9]+/g, "-").replace(/^[-0-9]+|-+$/g, "").slice(0, 32).replace(/-+$/, "");

slug.addEventListener("input", (event) => {
  if (event.isTrusted) own = slug.value !== "";
});
organisation.addEventListener("input", () => {
  if (own) return;
  slug.value = suggest(organisation.value);
  slug.dispatchEvent(new Event("input", { bubbles: true }));
});
