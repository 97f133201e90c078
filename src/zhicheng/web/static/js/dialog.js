// Dialogs: opened by [data-dialog-open="id"], closed by [data-dialog-close] or Escape; [data-confirm] asks before a form is sent.
function ask(text, danger) {
  return new Promise((done) => {
    const dialog = document.createElement("dialog");
    dialog.className = "dialog";
    const body = document.createElement("div");
    body.className = "dialog__body";
    const words = document.createElement("p");
    words.textContent = text;
    words.id = "confirm_words";
    body.append(words);
    const foot = document.createElement("div");
    foot.className = "dialog__foot";
    const no = document.createElement("button");
    no.className = "button";
    no.textContent = "取消";
    const yes = document.createElement("button");
    yes.className = `button button--primary${danger ? " button--danger" : ""}`;
    yes.textContent = "确定";
    no.addEventListener("click", () => dialog.close());
    yes.addEventListener("click", () => { dialog.returnValue = "yes"; dialog.close("yes"); });
    foot.append(no, yes);
    dialog.append(body, foot);
    dialog.setAttribute("aria-labelledby", "confirm_words");
    dialog.addEventListener("close", () => { dialog.remove(); done(dialog.returnValue === "yes"); });
    document.body.append(dialog);
    dialog.showModal();
    no.focus();
  });
}

// The first thing to fill in has the focus, not the button that closes.
function open(dialog) {
  dialog.showModal();
  dialog.querySelector(".dialog__body :is(textarea, select, input:not([type=hidden], [type=file]))")?.focus();
}

let listening = false;
export function start() {
  if (listening) return;
  listening = true;
  document.addEventListener("click", async (event) => {
    const opener = event.target.closest("[data-dialog-open]");
    if (opener) {
      const dialog = document.getElementById(opener.dataset.dialogOpen);
      if (dialog?.showModal) { event.preventDefault(); open(dialog); }
      return;
    }
    if (event.target.closest("[data-dialog-close]")) { event.target.closest("dialog")?.close(); return; }
    const careful = event.target.closest("[data-confirm]");
    if (careful && !careful.dataset.confirmed) {
      event.preventDefault();
      if (await ask(careful.dataset.confirm, careful.classList.contains("button--danger"))) {
        careful.dataset.confirmed = "yes";
        careful.click();
        delete careful.dataset.confirmed;
      }
    }
  });
}
