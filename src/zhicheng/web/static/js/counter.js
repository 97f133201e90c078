// Character counter under a long text: how many may still be written, said aloud only when it becomes short.
export function start(root) {
  for (const box of root.querySelectorAll("[data-count-limit]")) {
    const words = document.querySelector(`[data-count-for="${box.id}"]`);
    if (!words || box.dataset.counted) continue;
    box.dataset.counted = "yes";
    const limit = Number(box.dataset.countLimit);
    const show = () => {
      const left = limit - [...box.value].length;
      words.textContent = left >= 0 ? `还可以写 ${left} 字` : `多了 ${-left} 字，请删减`;
      words.classList.toggle("field__count--over", left < 0);
      words.setAttribute("aria-live", left < 50 ? "polite" : "off");
    };
    box.addEventListener("input", show);
    show();
  }
}
