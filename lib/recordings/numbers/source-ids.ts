import { blindIndex } from "@/lib/core/crypto/blind-index";
import { isDerivedId, type SourceIds } from "@/lib/db/recording-ids";
import { isAreaCode } from "@/lib/core/numbers/area-code";
import { readNumber } from "@/lib/core/numbers/number-reading";

/**
 * The ids of a recording as they are stored: a phone system may write a telephone number into its ids, and none of them
 * may hold one. Ids that are stored so stay as they are.
 */
export function storedIds<Ids extends SourceIds>(ids: Ids): Ids {
  const { source, sourceCallId, sourceRecordingId } = ids;
  return {
    ...ids,
    sourceCallId: withoutNumbers(source, sourceCallId),
    sourceRecordingId: isDerivedId(sourceRecordingId) ? sourceRecordingId : withoutNumbers(source, sourceRecordingId),
  };
}

/**
 * Replaces each telephone number in an id by `number-` and letters: a keyed digest of the whole id, so that the same id
 * always becomes the same, no two become one, and a number does not link calls. The rest stays readable.
 */
export function withoutNumbers(source: string, id: string): string {
  const places = [...telephoneNumbers(id)];
  if (places.length === 0) return id;
  const digest = lettersOf(blindIndex("number_in_source_id", `${source}\0${id}`).subarray(0, 8));
  return places.toReversed().reduce((text, { start, end }) => {
    return `${text.slice(0, start)}number-${digest}${text.slice(end)}`;
  }, id);
}

/** Letters only: digits could read as a number again. */
const lettersOf = (digest: Buffer) =>
  digest.toString("hex").replaceAll(/./g, (digit) => String.fromCodePoint(97 + Number.parseInt(digit, 16)));

/** Digits in a row, or a mobile number with its usual separators. */
const digitsOrMobile = /\+?\d{9,}|(?<!\d)(?:\+?55[-.]?)?\(?[1-9]{2}\)?[-.]?9\d{4}[-.]\d{4}(?!\d)/g;

/** UUIDs and hexadecimal digests, whose digits are no number. */
const opaque =
  /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|(?<![0-9a-z])(?=\d*[a-f])[0-9a-f]{16,}(?![0-9a-z])/gi;

function* telephoneNumbers(id: string): Generator<{ start: number; end: number }> {
  const visible = id.replaceAll(opaque, (text) => " ".repeat(text.length));
  for (const { 0: text, index } of visible.matchAll(digitsOrMobile)) {
    const end = index + text.length;
    if (isChannelTime(text, visible.slice(end))) continue;
    if (isTelephoneNumber(text)) yield { start: index, end };
  }
}

/**
 * The seconds since 1970 with which phone systems begin the id of a channel ("1795194202.42"). Seconds alone are taken
 * for that where a telephone number of these digits would be a mobile number of eight digits, of before 2016.
 */
function isChannelTime(digits: string, rest: string): boolean {
  if (!/^[12]\d{9}$/.test(digits)) return false;
  return /^\.\d/.test(rest) || (/^\d\d[6-9]/.test(digits) && Number(digits) > 1_500_000_000);
}

/** Nine digits are a mobile number without area code. */
function isTelephoneNumber(text: string): boolean {
  const digits = text.replaceAll(/\D/g, "");
  if (digits.length === 9) return /^9[1-9]/.test(digits);
  if (digits.length === 10 && !isAreaCode(digits.slice(0, 2)) && !/^[09]/.test(digits)) return false;
  return readNumber(text)?.kind === "number";
}
