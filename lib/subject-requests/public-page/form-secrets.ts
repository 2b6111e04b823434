import { createHash, randomBytes } from "node:crypto";
import { blindIndex } from "@/lib/core/crypto/blind-index";

/** Crockford's base 32: no letter is read as a digit. */
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** 60 bits. A code can only be tried at the portal, which slows an address down after a few wrong ones. */
const codeLength = 12;

/**
 * What a request of the public form is kept under, made from the form's random key, which is not stored: the same form
 * sent again gives the same. The person follows the request by protocol and `followUpCode`.
 * @param formKey 32 hexadecimal digits.
 */
export function formSecrets(formKey: string): { requestId: string; followUpCode: string } {
  const bytes = createHash("sha256").update(`custodia request\0${formKey}`).digest();
  const code = createHash("sha256").update(`custodia follow-up code\0${formKey}`).digest();
  return { requestId: uuidOf(bytes), followUpCode: lettersOf(code) };
}

/** A code of its own, which no form makes again. */
export const newFollowUpCode = () => lettersOf(randomBytes(codeLength));

const lettersOf = (bytes: Buffer) => [...bytes.subarray(0, codeLength)].map((byte) => alphabet[byte & 31]).join("");

/** UUID version 8 (RFC 9562): 122 of the given bits. */
function uuidOf(bytes: Buffer): string {
  const own = Buffer.from(bytes.subarray(0, 16));
  own[6] = (own[6]! & 0x0f) | 0x80;
  own[8] = (own[8]! & 0x3f) | 0x80;
  return own.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Reads a code as people type it: with hyphens and spaces, in small letters, O for 0, I and L for 1. Null if none. */
export function readFollowUpCode(text: string): string | null {
  const code = text
    .normalize("NFKC")
    .toUpperCase()
    .replaceAll(/[\s\-‐-–]/g, "")
    .replaceAll("O", "0")
    .replaceAll(/[IL]/g, "1");
  return code.length === codeLength && [...code].every((letter) => alphabet.includes(letter)) ? code : null;
}

/** For display: "7K3M-9QXA-24ZT". */
export const presentFollowUpCode = (code: string) => code.replace(/^(.{4})(.{4})(.{4})$/, "$1-$2-$3");

/** What is kept of a follow-up code. */
export const followUpDigest = (code: string) => blindIndex("subject_request_follow_up", code);
