// Start of every page: marks that scripts run, then loads only the modules whose hooks are on the page.
document.documentElement.classList.add("js");

const modules = [
  ["[data-clock]", "./clocks.js"],
  ["[data-count-limit]", "./counter.js"],
  ["[data-photos]", "./photos.js"],
  ["[data-suggest]", "./suggest.js"],
  ["[data-place]", "./place.js"],
  ["[data-map]", "./map.js"],
  ["[data-steps]", "./steps.js"],
  ["[data-confirm], dialog, [data-dialog-open]", "./dialog.js"],
  ["[data-copy], [data-toast], [data-repeat-add], [data-print]", "./small.js"],
  ["[data-queue], [data-keys]", "./keys.js"],
  ["[data-events]", "./events.js"],
  ["[data-columns]", "./columns.js"],
  ["[data-scenes]", "./scenes.js"],
];

async function start(root) {
  for (const [hook, path] of modules) {
    if (root.matches?.(hook) || root.querySelector(hook)) {
      const module = await import(path);
      module.start(root);
    }
  }
}

start(document);
document.querySelector("[data-error-summary]")?.focus();
// Parts that htmx brings later get the same treatment.
document.addEventListener("htmx:load", (event) => start(event.detail.elt));
