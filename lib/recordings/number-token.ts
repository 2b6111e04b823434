import { blindIndex } from "@/lib/core/crypto/blind-index";
import { AppError } from "@/lib/core/errors";
import { mobileTail } from "@/lib/core/numbers/brazilian-plan";
import { readByFirstVersion } from "@/lib/recordings/numbers/first-version";
import { lastFour, readNumber } from "@/lib/core/numbers/number-reading";

const digestBytes = 32;

/** The digests that a search asks for. A number has `exact`; four digits alone have only candidates. */
export type NumberDigests = {
  exact: Buffer | null;
  /** The same text as the first version read it, for rows that are not renewed yet; null if that is no difference. */
  firstVersion: Buffer | null;
  /** A mobile number with and without its ninth digit. */
  tail: Buffer | null;
  /** The token was made before a landline and a mobile number had different tails. */
  isTailOfFirstVersion: boolean;
  lastFour: Buffer | null;
};

/** In the order in which a token holds them; the second byte says which are there. */
const parts = ["exact", "firstVersion", "tail", "lastFour"] as const;
const tokenVersion = 2;

/**
 * The token that filters lists by a telephone number, or by the last four digits of one: keyed digests. It may appear
 * in a URL or a bookmark, because without the key it reveals no number. Null if the text is neither.
 */
export function numberToken(text: string): string | null {
  if (/^\d{4}$/.test(text)) return encodeToken({ lastFour: blindIndex("customer_number_last_four", text) });
  const reading = readNumber(text);
  if (reading?.kind !== "number") return null;
  const before = readByFirstVersion(text);
  const tail = mobileTail(reading.e164);
  return encodeToken({
    exact: blindIndex("customer_number", reading.e164),
    firstVersion: before === null || before === reading.e164 ? null : blindIndex("customer_number", before),
    tail: tail === null ? null : blindIndex("customer_number_tail", tail),
    lastFour: blindIndex("customer_number_last_four", lastFour(reading)!),
  });
}

type TokenParts = Partial<Record<(typeof parts)[number], Buffer | null>>;

function encodeToken(digests: TokenParts): string {
  const present = parts.map((part) => digests[part]).map((digest, bit) => (digest ? 1 << bit : 0));
  const head = Buffer.from([tokenVersion, present.reduce((sum, bit) => sum + bit, 0)]);
  return Buffer.concat([head, ...parts.flatMap((part) => digests[part] ?? [])]).toString("base64url");
}

/**
 * Reads a token. Those of the first version, which bookmarks hold, are one or two digests without a head.
 * @throws AppError `invalid_input` if the text is not a number token.
 */
export function parseNumberToken(token: string): NumberDigests {
  const bytes = Buffer.from(token, "base64url");
  const digestAt = (from: number) => bytes.subarray(from, from + digestBytes);
  const none = { exact: null, firstVersion: null, tail: null, isTailOfFirstVersion: false, lastFour: null };
  if (bytes.length === digestBytes || bytes.length === 2 * digestBytes) {
    const tail = bytes.length > digestBytes ? digestAt(digestBytes) : null;
    return { ...none, exact: digestAt(0), tail, isTailOfFirstVersion: tail !== null };
  }
  const present = parts.filter((_, bit) => (bytes[1] ?? 0) & (1 << bit));
  const isWhole = bytes.length === 2 + present.length * digestBytes && present.length > 0;
  if (bytes[0] !== tokenVersion || !isWhole || bytes[1]! >= 1 << parts.length)
    throw new AppError("invalid_input", "not a number token", { fields: [{ path: "number", reason: "invalid" }] });
  const read = present.map((part, index) => [part, digestAt(2 + index * digestBytes)] as const);
  return { ...none, ...Object.fromEntries(read) };
}
