// Verifiable credentials in the browser: canonical JSON (RFC 8785), eddsa-jcs-2022, status lists, compact codes.
// Pure but for WebCrypto; the server's engines/credentials does the same, and the tests compare the two.
const BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const LARGEST = 4 * 1024 * 1024;
const CONTEXT = "https://www.w3.org/ns/credentials/v2";
const bytesOf = (text) => new TextEncoder().encode(text);

export class Malformed extends Error {}

export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value !== null && typeof value === "object") {
    return `{${Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
  }
  if (typeof value === "number" && !Number.isFinite(value)) throw new Malformed("number");
  return JSON.stringify(value);
}

export function fromBase58(text) {
  if (typeof text !== "string" || text[0] !== "z" || text.length > 512) throw new Malformed("base58");
  let number = 0n;
  for (const character of text.slice(1)) {
    const place = BASE58.indexOf(character);
    if (place < 0) throw new Malformed("base58");
    number = number * 58n + BigInt(place);
  }
  let hex = number ? number.toString(16) : "";
  if (hex.length % 2) hex = `0${hex}`;
  const zeros = text.slice(1).match(/^1*/)[0].length;
  return new Uint8Array([...new Array(zeros).fill(0), ...(hex.match(/../g) || []).map((pair) => parseInt(pair, 16))]);
}

export function fromBase64url(text) {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) throw new Malformed("base64url");
  try {
    return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));
  } catch {
    throw new Malformed("base64url");
  }
}

async function unpacked(bytes, format, most) {
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream(format)).getReader();
  const parts = [];
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      size += value.length;
      if (size > most) throw new Malformed("too large");
      parts.push(value);
    }
  } catch {
    throw new Malformed("compressed");
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

const instant = (seconds) => `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;

// The credential that a code stands for; `trust` says what its reader knows already.
export async function readShown(text, trust) {
  text = text.trim();
  if (text.startsWith("{")) {
    try { return JSON.parse(text); } catch { throw new Malformed("json"); }
  }
  const bytes = fromBase64url(text.slice(text.lastIndexOf("#") + 1));
  if (bytes.length < 66) throw new Malformed("short");
  let values;
  try {
    values = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(await unpacked(bytes.slice(64), "deflate-raw", 4096)));
  } catch { throw new Malformed("code"); }
  return presentation(values, bytes.slice(0, 64), trust);
}

function presentation(values, signature, trust) {
  if (!Array.isArray(values) || values.length !== 9 || values[0] !== 1) throw new Malformed("version");
  const [, key, type, number, fields, days, index, nonce, instants] = values;
  if (![type, number, nonce, key].every((each) => typeof each === "string")) throw new Malformed("values");
  if (![days, instants].every((each) => Array.isArray(each) && each.length === 2)) throw new Malformed("values");
  if (![index, ...instants].every((each) => Number.isInteger(each) && each >= 0 && each < 2 ** 40)) throw new Malformed("values");
  const contexts = [CONTEXT, trust.context];
  return {
    "@context": contexts,
    type: ["VerifiableCredential", "LicencePresentation"],
    issuer: trust.issuer,
    validFrom: instant(instants[0]),
    validUntil: instant(instants[1]),
    credentialSubject: { licence: { type, number, validFrom: days[0], validUntil: days[1], fields }, nonce },
    credentialStatus: ["revocation", "suspension"].map((purpose) => {
      const url = `${trust.listBase}${purpose}/${Math.floor(index / trust.entries)}`;
      const place = index % trust.entries;
      return {
        id: `${url}#${place}`, type: "BitstringStatusListEntry", statusPurpose: purpose,
        statusListIndex: String(place), statusListCredential: url,
      };
    }),
    proof: {
      "@context": contexts, type: "DataIntegrityProof", cryptosuite: "eddsa-jcs-2022", created: instant(instants[0]),
      verificationMethod: `${trust.issuer}#${key}`, proofPurpose: "assertionMethod", signature,
    },
  };
}

// "" when the proof is the city's over exactly this document; otherwise the outcome to tell.
export async function checkProof(document_, trust) {
  const proof = document_?.proof;
  if (proof === null || typeof proof !== "object" || proof.type !== "DataIntegrityProof") throw new Malformed("proof");
  const key = trust.keys.find((each) => `${trust.issuer}#${each.id}` === proof.verificationMethod);
  if (!key || document_.issuer !== trust.issuer) return "unknown_issuer";
  if (key.suite !== "ed25519") return "needs_network";
  const { proofValue, signature, ...options } = proof;
  if (options.cryptosuite !== "eddsa-jcs-2022" || options.proofPurpose !== "assertionMethod") return "tampered";
  const { proof: _, ...unsecured } = document_;
  if ("@context" in options) {
    const wanted = [options["@context"]].flat(), mine = [unsecured["@context"]].flat();
    if (canonical(mine.slice(0, wanted.length)) !== canonical(wanted)) return "tampered";
    unsecured["@context"] = options["@context"];
  }
  const raw = fromBase58(key.multikey);
  const publicKey = await crypto.subtle.importKey("raw", raw.slice(2), { name: "Ed25519" }, false, ["verify"]);
  const hashes = await Promise.all([options, unsecured].map((each) => crypto.subtle.digest("SHA-256", bytesOf(canonical(each)))));
  const signed = new Uint8Array(64);
  hashes.forEach((hash, half) => signed.set(new Uint8Array(hash), 32 * half));
  const good = await crypto.subtle.verify({ name: "Ed25519" }, publicKey, signature || fromBase58(proofValue), signed);
  return good ? "" : "tampered";
}

export async function isMarked(encoded, index) {
  if (typeof encoded !== "string" || encoded[0] !== "u") throw new Malformed("list");
  const bits = await unpacked(fromBase64url(encoded.slice(1)), "gzip", LARGEST);
  if (!(index >= 0 && index < bits.length * 8)) throw new Malformed("index");
  return Boolean(bits[index >> 3] & (0x80 >> (index & 7)));
}
