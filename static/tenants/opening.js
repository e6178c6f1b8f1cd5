// The page asks for the room by itself; say so when that failed, so that a person can ask again.
"use strict";

const opening = document.querySelector("[data-opening]");
const failed = opening.querySelector("[data-failed]");
const working = opening.querySelector(".working");

for (const event of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  opening.addEventListener(event, () => {
    failed.hidden = false;
    working.hidden = true;
  });
}
