// The page that checks licences: from the address, a file, pasted text or the camera; with what this device has kept.
import { Malformed, checkProof, isMarked, readShown } from "./credential.js";

const SKEW_MS = 30_000;
const SEEN = "licence-codes-seen";
const place = document.querySelector("[data-answer]");
const ready = document.querySelector("[data-ready]");
const sprite = document.querySelector("use")?.getAttribute("href")?.split("#")[0];
let trust = null;

async function load(url) {
  const response = await fetch(url, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response.json();
}

const listAddress = (url) => new URL(url).pathname;

// Keeps the page, its files, the keys and every status list, so that all of it is here without a connection.
async function prepare() {
  trust = await load("/verify/trust.json");
  if (!("serviceWorker" in navigator)) { ready.textContent = "这个浏览器不能离线保存，联网时可以核验。"; return; }
  await navigator.serviceWorker.register("/verify/worker.js");
  const worker = (await navigator.serviceWorker.ready).active;
  const lists = [...Array(trust.lists).keys()].flatMap((number) => ["revocation", "suspension", "refresh"].map((purpose) => listAddress(`${trust.listBase}${purpose}/${number}`)));
  const files = performance.getEntriesByType("resource").map((entry) => entry.name).filter((name) => name.startsWith(location.origin) && new URL(name).pathname.startsWith("/static/"));
  const channel = new MessageChannel();
  const kept = new Promise((done) => { channel.port1.onmessage = (event) => done(event.data); });
  worker.postMessage({ keep: ["/verify/", "/verify/trust.json", ...lists, ...new Set(sprite ? [...files, sprite] : files)] }, [channel.port2]);
  const good = await kept;
  ready.textContent = navigator.onLine && good ? "已准备好，没有网络也能核验。" : "没有网络，正在用本机保存的资料核验。";
  ready.dataset.ready = "yes";
}

// Whether a newer licence took its place: the list beside that of the revoked ones says so, where this device has it.
async function isReplaced(entry) {
  try {
    const list = await load(listAddress(entry.statusListCredential).replace("/revocation/", "/refresh/"));
    return !(await checkProof(list, trust)) && list.credentialSubject?.statusPurpose === "refresh" && await isMarked(list.credentialSubject.encodedList, Number(entry.statusListIndex));
  } catch { return false; }
}

// "" in force, an outcome, or "stale" where the lists on this device do not say.
async function statusOf(shown) {
  for (const entry of [shown.credentialStatus ?? []].flat()) {
    if (entry?.type !== "BitstringStatusListEntry" || !String(entry.statusListCredential).startsWith(trust.listBase)) throw new Malformed("status");
    let list;
    try { list = await load(listAddress(entry.statusListCredential)); } catch { return "stale"; }
    const fault = await checkProof(list, trust);
    const fresh = Date.parse(list.validUntil) >= Date.now() && list.credentialSubject?.statusPurpose === entry.statusPurpose;
    if (fault || !fresh || list.id !== entry.statusListCredential) return "stale";
    if (await isMarked(list.credentialSubject.encodedList, Number(entry.statusListIndex))) {
      if (entry.statusPurpose !== "revocation") return "suspended";
      return await isReplaced(entry) ? "replaced" : "revoked";
    }
  }
  return "";
}

function timeOf(shown, isCode) {
  const skew = isCode ? SKEW_MS : 0;
  if (shown.validUntil && Date.now() > Date.parse(shown.validUntil) + skew) return isCode ? "code_expired" : "expired";
  return Date.now() < Date.parse(shown.validFrom) - skew ? "not_yet" : "";
}

// The last day of the licence itself, which a code carries beside its own short life.
function termOf(licence) {
  const today = new Date(Date.now() + 8 * 3600_000).toISOString().slice(0, 10);
  if (licence.validUntil && today > licence.validUntil) return "expired";
  return today < licence.validFrom ? "not_yet" : "";
}

function seenBefore(nonce, until) {
  const seen = JSON.parse(localStorage.getItem(SEEN) || "{}");
  const kept = Object.fromEntries(Object.entries(seen).filter(([, end]) => end > Date.now()));
  const before = nonce in kept;
  localStorage.setItem(SEEN, JSON.stringify({ ...kept, [nonce]: until + 2 * SKEW_MS }));
  return before;
}

async function judge(text) {
  const shown = await readShown(text, trust);
  const fault = await checkProof(shown, trust);
  if (fault) return [fault, null];
  const licence = shown.credentialSubject?.licence;
  const types = [shown.type].flat();
  const isCode = types.includes("LicencePresentation");
  if (!licence || !(isCode || types.includes("CityLicence"))) return ["malformed", null];
  let outcome = timeOf(shown, isCode) || termOf(licence) || await statusOf(shown);
  if (!outcome && isCode && String(shown.credentialSubject.nonce).startsWith("P.")) return ["printed", licence];
  if (!outcome && isCode && seenBefore(shown.credentialSubject.nonce, Date.parse(shown.validUntil))) outcome = "replayed";
  return [outcome || "valid", licence];
}

function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}

function draw(outcome, licence) {
  const [title, text] = trust?.sentences[outcome] ?? ["还没有准备好", "本机没有保存核验资料。请先联网打开本页一次，之后没有网络也能核验。"];
  const heading = element("h2", { id: "verdict", tabindex: "-1" }, title);
  const body = element("div", { class: "stack stack--tight" }, heading, element("p", {}, text));
  if (licence) body.append(lines(licence));
  const good = outcome === "valid" || outcome === "printed";
  const verdict = element("section", { class: `verdict verdict--${good ? "good" : "bad"}`, "data-outcome": outcome, "aria-labelledby": "verdict" });
  verdict.append(icon(good ? "badge-check" : "octagon-alert"), body);
  place.replaceChildren(verdict);
  heading.focus();
}

function lines(licence) {
  const type = trust.types[licence.type];
  const list = element("dl", { class: "facts" });
  const line = (label, value) => list.append(element("dt", {}, label), element("dd", {}, String(value)));
  line("证照", type?.label ?? licence.label ?? licence.type);
  const known = Object.keys(type?.fields ?? {});
  const order = (code) => { const at = known.indexOf(code); return at < 0 ? known.length : at; };
  for (const code of Object.keys(licence.fields ?? {}).sort((one, other) => order(one) - order(other))) line(type?.fields[code] ?? code, licence.fields[code]);
  line("证照编号", licence.number);
  line("签发", licence.issuedBy ?? trust.name);
  line("有效期", `${licence.validFrom} 至 ${licence.validUntil || "长期"}`);
  return list;
}

async function check(text) {
  if (!trust) { try { trust = await load("/verify/trust.json"); } catch { draw("not_ready", null); return; } }
  try {
    const [outcome, licence] = await judge(text);
    if (outcome === "needs_network" && navigator.onLine) { await ask(text); return; }
    draw(outcome, licence);
  } catch (error) {
    if (error instanceof Malformed || error instanceof SyntaxError || error instanceof TypeError) draw("malformed", null);
    else if (error?.name === "NotSupportedError") { if (navigator.onLine) await ask(text); else draw("unsupported", null); }
    else throw error;
  }
}

// The server's answer, where this browser cannot find one.
async function ask(text) {
  const response = await fetch("/api/v1/licences/verify", {
    method: "POST", headers: { "Content-Type": "application/json", Accept: "application/json" }, credentials: "omit",
    body: JSON.stringify({ credential: text, verifier: device() }),
  });
  if (!response.ok) { draw("needs_network", null); return; }
  const found = await response.json();
  const licence = found.number && { label: found.label, type: "", number: found.number, issuedBy: found.issuer, validFrom: found.valid_from, validUntil: found.valid_until, fields: Object.fromEntries(found.fields.map((field) => [field.label, field.value])) };
  draw(found.outcome, licence || null);
}

function device() {
  const kept = localStorage.getItem("licence-verifier") ?? crypto.randomUUID();
  localStorage.setItem("licence-verifier", kept);
  return kept;
}

function fromAddress() {
  const text = location.hash.slice(1);
  if (!text) return;
  history.replaceState(null, "", "/verify/");  // a reload must not look like the code being shown again
  check(text);
}

function camera() {
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices) return;
  const part = document.querySelector("[data-camera]"), video = part.querySelector("[data-video]"), button = part.querySelector("[data-scan]");
  part.hidden = false;
  button.addEventListener("click", async () => {
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } }).catch(() => null);
    if (!stream) { button.textContent = "没有相机权限，请用手机自带相机扫码"; return; }
    video.hidden = false;
    video.srcObject = stream;
    await video.play();
    for (;;) {
      const [found] = await detector.detect(video).catch(() => []);
      if (found) { check(found.rawValue); break; }
      await new Promise((done) => setTimeout(done, 200));
    }
    for (const track of stream.getTracks()) track.stop();
    video.hidden = true;
  });
}

const form = document.querySelector("[data-verify-form]");
form.addEventListener("submit", (event) => {
  const text = form.elements.credential.value;
  if (!text.trim()) return;  // the server's page says what is missing
  event.preventDefault();
  check(text);
});
form.querySelector("[data-file]").addEventListener("change", async (event) => {
  const [file] = event.target.files;
  if (!file) return;
  form.elements.credential.value = await file.text();
  check(form.elements.credential.value);
});
window.addEventListener("hashchange", fromAddress);
camera();
prepare().catch(() => { ready.textContent = trust ? "没有网络，正在用本机保存的资料核验。" : "本机没有保存核验资料，请联网后再试。"; }).finally(fromAddress);
