// A conversation with a script: the answer comes sentence by sentence into the page; without one the forms send whole pages.
const WAIT_MS = 8000;

function reading(text, kept) {
  // Whole events of a stream so far, and what is left of an unfinished one.
  const parts = (kept + text).split("\n\n");
  const rest = parts.pop();
  const events = parts.map((part) => {
    const lines = part.split("\n");
    const name = lines.find((line) => line.startsWith("event: "))?.slice(7) ?? "message";
    const data = lines.filter((line) => line.startsWith("data: ")).map((line) => line.slice(6)).join("\n");
    return [name, data ? JSON.parse(data) : {}];
  });
  return [events, rest];
}

function bubble(kind, text) {
  const item = document.createElement("div");
  item.className = `bubble bubble--${kind}`;
  if (text) {
    const words = document.createElement("p");
    words.textContent = text;
    item.append(words);
  }
  return item;
}

function setUp(chat) {
  const log = chat.querySelector("[data-chat-log]");
  const status = chat.querySelector("[data-chat-status]");
  const box = chat.querySelector("textarea");
  const key = chat.querySelector("[data-chat-key]");
  let busy = false;

  const events = {
    status: (data) => { status.textContent = data.text; },
    piece: (data, turn) => {
      const words = document.createElement("p");
      words.textContent = data.text;
      turn.lastElementChild.append(words);
      turn.lastElementChild.hidden = false;
    },
    again: (data, turn) => {
      turn.lastElementChild.replaceChildren();
      status.textContent = data.text;
    },
    done: (data, turn) => {
      turn.outerHTML = data.html;
      log.lastElementChild.scrollIntoView({ block: "start", behavior: "smooth" });
      key.value = data.key;
      for (const form of chat.querySelectorAll("[data-chat-form]")) form.action = data.url;
      if (location.pathname !== data.url) history.replaceState(null, "", data.url);
      status.textContent = "";
    },
    problem: (data, turn) => { throw new Error(data.text); },
  };

  async function say(form, body, text) {
    const turn = document.createElement("li");
    turn.className = "turn";
    turn.append(bubble("question", text), bubble("answer bubble--waiting"));
    turn.lastElementChild.hidden = true;
    log.parentElement.setAttribute("aria-busy", "true");
    log.append(turn);
    turn.scrollIntoView({ block: "start", behavior: "smooth" });
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "text/event-stream, application/json" } });
      if (!answer.ok || !answer.body) throw new Error((await answer.json().catch(() => ({}))).detail);
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let rest = "", finished = false; !finished;) {
        const { value, done } = await reader.read();
        finished = done;
        let found;
        [found, rest] = reading(value ?? "", rest);
        for (const [name, data] of found) events[name]?.(data, turn);
      }
      return true;
    } catch (error) {
      turn.remove();
      status.textContent = error.message && !(error instanceof TypeError) ? error.message : "没有发出去，请检查网络后再试。";
      return false;
    } finally {
      log.parentElement.removeAttribute("aria-busy");
    }
  }

  chat.addEventListener("submit", async (event) => {
    const form = event.target;
    if (form.matches("[data-chat-rate]")) return rate(event, form);
    if (!form.matches("[data-chat-form]")) return;
    const body = new FormData(form, event.submitter);
    const text = String(body.get("text") ?? "").trim();
    if (form.querySelector("input[type=file]")?.files?.length) return; // a photo goes the plain way
    event.preventDefault();
    if (busy || !text) return;
    busy = true;
    if (!body.get("idempotency_key")) body.set("idempotency_key", crypto.randomUUID?.() ?? String(Date.now()));
    const typed = form.contains(box);
    if (typed) box.value = "";
    if (!(await say(form, body, text)) && typed) box.value = text;
    busy = false;
    box.focus({ preventScroll: true });
  });

  // While a person has the conversation, ask now and then whether they have answered.
  async function look() {
    const last = [...log.querySelectorAll("[data-seq]")].at(-1);
    if (busy || document.hidden || !last?.matches("[data-chat-waits]")) return;
    const base = chat.querySelector("[data-chat-form]").getAttribute("action");
    const answer = await fetch(`${base}news/?after=${last.dataset.seq}`, { headers: { "X-Requested-With": "fetch" } }).catch(() => null);
    if (answer?.status !== 200) return;
    log.insertAdjacentHTML("beforeend", await answer.text());
    log.lastElementChild.scrollIntoView({ block: "start", behavior: "smooth" });
  }
  setInterval(look, WAIT_MS);

  async function rate(event, form) {
    event.preventDefault();
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form, event.submitter), headers: { "X-Requested-With": "fetch" } });
    if (answer.ok) form.outerHTML = await answer.text();
  }

  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); box.form.requestSubmit(); }
  });
}

export function start(root) {
  for (const chat of root.querySelectorAll("[data-chat]")) {
    if (chat.dataset.ready) continue;
    chat.dataset.ready = "yes";
    setUp(chat);
  }
}
