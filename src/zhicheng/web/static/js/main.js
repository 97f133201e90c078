// Start of every page: marks that scripts run, then loads only the modules whose hooks are on the page.
document.documentElement.classList.add("js");

const modules = [
  ["[data-clock]", "./clocks.js"],
  ["[data-count-limit]", "./counter.js"],
  ["[data-photos]", "./photos.js"],
  ["[data-suggest]", "./suggest.js"],
  ["[data-picker]", "./picker.js"],
  ["[data-map]", "./map.js"],
  ["[data-place]", "./place.js"],
  ["[data-steps]", "./steps.js"],
  ["dialog, [data-confirm]", "./dialog.js"],
  ["[data-copy], [data-toast], [data-repeat-add], [data-print], [data-busy], [data-shown-when]", "./small.js"],
  ["[data-queue], [data-key], [data-keys]", "./keys.js"],
  ["[data-queue]", "./queue.js"],
  ["[data-events]", "./events.js"],
  ["[data-scenes]", "./scenes.js"],
  ["[data-cockpit]", "./cockpit.js"],
  ["[data-chat]", "./chat.js"],
  ["[data-aloud]", "./aloud.js"],
  ["[data-call-help]", "./callhelp.js"],
  ["[data-ask]", "./commands.js"],
  ["[data-draw]", "./draw.js"],
];

export function start(root) {
  const wanted = modules.filter(([hook]) => root.matches?.(hook) || root.querySelector(hook));
  // One part that fails must not take the others with it: the page works without any of them.
  return Promise.all(wanted.map(([, path]) => import(path).then((module) => module.start(root)).catch((error) => console.error(path, error))));
}

// Says when every part listens: until then a click follows its link, as it does without scripts.
start(document).then(() => document.documentElement.setAttribute("data-started", ""));
document.querySelector("[data-error-summary]")?.focus();
// Parts that htmx brings later get the same treatment; the whole page has had it already.
document.addEventListener("htmx:load", (event) => {
  if (event.detail.elt !== document.body) start(event.detail.elt);
});
