import { createHash } from "node:crypto";
import { env } from "@/lib/core/env";
import { AppError } from "@/lib/core/errors";
import { getLimited } from "@/lib/core/limited-request";
import { log } from "@/lib/core/log";

/** A range has some thousand lines of 40 bytes; more is another service's answer. */
const [rangeBytes, timeoutMs] = [512 * 1024, 5_000];

/** The other 35 digits of a hash, and how often the password was seen. Padding was seen 0 times. */
const rangeLine = /^([0-9A-F]{35}):(\d{1,12})$/i;

/**
 * Whether a password is in the list of breached ones of the settings, asked as Pwned Passwords is: five digits of
 * its SHA-1 leave the portal, and the answer has every hash that begins with them, padded so that its length tells
 * nothing. ASVS 5.0, 6.2.12. Without an address in the settings it is not asked.
 * @throws AppError `breach_check_unavailable`: a list that does not answer proves nothing about the password
 */
export async function isBreached(password: string): Promise<boolean> {
  const { BREACHED_PASSWORDS_URL: address } = env();
  if (address === undefined) return false;
  const hash = createHash("sha1").update(password.normalize("NFC")).digest("hex").toUpperCase();
  const seen = await readRange(`${address}${hash.slice(0, 5)}`);
  return seen.some(([rest, times]) => rest === hash.slice(5) && times > 0);
}

async function readRange(url: string): Promise<(readonly [rest: string, times: number])[]> {
  const asked = await getLimited(url, { headers: { "add-padding": "true" }, answerBytes: rangeBytes, timeoutMs });
  if ("failure" in asked) throw unavailable(asked.failure);
  const { status, body, isWhole } = asked.answer;
  if (status !== 200) throw unavailable(`status ${status}`);
  const lines = body.toString("latin1").trim().split(/\r?\n/);
  const read = lines.map((line) => rangeLine.exec(line));
  if (!isWhole || read.includes(null)) throw unavailable("not a range of hashes");
  return read.map((match) => [match![1]!.toUpperCase(), Number(match![2])]);
}

function unavailable(reason: string): AppError {
  log.warn({ reason }, "the list of breached passwords cannot be read");
  return new AppError("breach_check_unavailable", reason, { retryAfterSeconds: 60 });
}
