// A part of the page read aloud by the device's own voice; where it has none, the button stays hidden.
const LABELS = { idle: "读给我听", speaking: "停下来" };

function setUp(part) {
  const button = part.querySelector("[data-aloud-button]");
  const label = button.querySelector("span");
  let speaking = false;
  const stop = () => { speaking = false; speechSynthesis.cancel(); label.textContent = LABELS.idle; button.setAttribute("aria-pressed", "false"); };

  button.hidden = false;
  button.setAttribute("aria-pressed", "false");
  button.addEventListener("click", () => {
    if (speaking) return stop();
    speechSynthesis.cancel();
    speaking = true;
    label.textContent = LABELS.speaking;
    button.setAttribute("aria-pressed", "true");
    const sentences = [...part.querySelectorAll("[data-aloud-text]")].map((each) => each.textContent);
    sentences.forEach((sentence, index) => {
      const said = new SpeechSynthesisUtterance(sentence);
      said.lang = "zh-CN";
      said.rate = 0.9;
      said.onerror = stop;
      if (index === sentences.length - 1) said.onend = stop;
      speechSynthesis.speak(said);
    });
  });
  window.addEventListener("pagehide", stop);
}

export function start(root) {
  if (!("speechSynthesis" in window)) return;
  for (const part of root.querySelectorAll("[data-aloud]")) {
    if (part.dataset.ready) continue;
    part.dataset.ready = "yes";
    setUp(part);
  }
}
