// Keys for those who would rather not reach for the mouse; every page works without them.
"use strict";

const stops = () => [...document.querySelectorAll(".hit h3 a, .news h2 a, .news h3 a, .entry h2 a")];

function step(by) {
  const all = stops();
  const at = all.indexOf(document.activeElement);
  const next = all[Math.min(all.length - 1, Math.max(0, at + by))];
  if (next) next.focus();
}

const actions = {
  "/": () => document.getElementById("q").select(),
  j: () => step(1),
  k: () => step(-1),
  n: () => document.querySelector("a[rel=next]")?.click(),
  p: () => document.querySelector("a[rel=prev]")?.click(),
  "?": () => { location.href = "/help"; },
};

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(actions, event.key)) return;
  event.preventDefault();
  actions[event.key]();
});
