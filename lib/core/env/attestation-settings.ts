import type { KeyObject } from "node:crypto";
import { z } from "zod";
import { noteKeyId, noteTypes, readVerifierKey } from "@/lib/core/crypto/verifier-key";
import { secureAddressProblem } from "@/lib/core/secure-address";

/** A witness (C2SP tlog-witness): its key, the parts of that key, and the address that takes checkpoints. */
export type Witness = { vkey: string; name: string; keyId: string; publicKey: KeyObject; url: string };

const unset = z.literal("").transform(() => undefined);

/** AUDIT_WITNESSES: `vkey url`, and further witnesses after commas or line ends. */
const witnesses = z.string().transform((text, context): Witness[] => {
  try {
    const entries = text.split(/[,\n]/).map((entry) => entry.trim());
    const read = entries.filter((entry) => entry !== "").map((entry, index) => readWitness(entry, index + 1));
    if (new Set(read.map(({ vkey }) => vkey)).size !== read.length) throw new Error("has the same verifier key twice");
    return read;
  } catch (error) {
    context.addIssue({ code: "custom", message: (error as Error).message });
    return z.NEVER;
  }
});

/** @throws Error that names the entry by its position. */
function readWitness(entry: string, position: number): Witness {
  const [vkey, address, ...others] = entry.split(/\s+/);
  if (!vkey || !address || others.length > 0) throw new Error(`entry ${position} is not "vkey url"`);
  const problem = secureAddressProblem(address);
  if (problem) throw new Error(`the address of entry ${position} ${problem}`);
  const { search, hash } = new URL(address);
  if (search !== "" || hash !== "") throw new Error(`the address of entry ${position} has a query or fragment`);
  const { name, publicKey } = readKey(vkey, position);
  const keyId = noteKeyId(name, publicKey, noteTypes.cosignature);
  return { vkey, name, keyId, publicKey, url: address.replace(/\/+$/, "") };
}

function readKey(vkey: string, position: number) {
  try {
    return readVerifierKey(vkey, noteTypes.cosignature);
  } catch (error) {
    throw new Error(`the key of entry ${position}: ${(error as Error).message}`, { cause: error });
  }
}

const timestampAddress = z.string().superRefine((address, context) => {
  const problem = secureAddressProblem(address);
  if (problem !== null) context.addIssue({ code: "custom", message: problem });
});

/** Certificates of authorities in PEM: a path, or the text itself, with `\n` for its line ends where it is one line. */
const authorities = z
  .string()
  .transform((text) => text.replaceAll("\\n", "\n").trim())
  .refine(
    (text) => /^\/[^\0\n]+$|^-----BEGIN CERTIFICATE-----\n/.test(text),
    "is neither an absolute path nor certificates in PEM",
  );

/** Who else attests to checkpoints of the audit log. Without a setting nobody is asked. */
export const attestationSettings = {
  AUDIT_WITNESSES: unset.or(witnesses).optional(),
  AUDIT_TIMESTAMP_URL: unset.or(timestampAddress).optional(),
  AUDIT_TIMESTAMP_USER: unset.or(z.string().regex(/^[^:\r\n]+$/, "has a colon or a line end")).optional(),
  AUDIT_TIMESTAMP_PASSWORD: unset.or(z.string().regex(/^[^\r\n]+$/, "has a line end")).optional(),
  AUDIT_TIMESTAMP_CA: unset.or(authorities).optional(),
};

const needs = [
  ["AUDIT_TIMESTAMP_USER", "AUDIT_TIMESTAMP_PASSWORD"],
  ["AUDIT_TIMESTAMP_PASSWORD", "AUDIT_TIMESTAMP_USER"],
  ["AUDIT_TIMESTAMP_USER", "AUDIT_TIMESTAMP_URL"],
] as const;

/** Settings that are missing beside others: their names, and those that need them. */
export const missingAttestationSettings = (settings: Partial<Record<(typeof needs)[number][number], unknown>>) =>
  needs.filter(([name, needed]) => settings[name] !== undefined && settings[needed] === undefined);
