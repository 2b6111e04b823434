import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import { z } from "zod";
import { isCanonicalSignedBy, signCanonical, type PublicKeys, type SigningKey } from "@/lib/audit/signing-keys";

const digest = z.string().regex(/^[0-9a-f]{64}$/);

const statement = z.strictObject({
  type: z.literal("custodia.subject-package.v1"),
  /** Of the request. */
  protocol: z.string(),
  part: z.int().positive(),
  parts: z.int().positive(),
  files: z.int().positive(),
  /** The manifest, which names every other file with its hash. */
  manifest: z.strictObject({ name: z.string(), sha256: digest }),
  createdAt: z.iso.datetime({ precision: 3 }),
  signingKeyId: z.string(),
});

export const signedManifest = z.strictObject({ statement, signature: z.string().regex(/^[0-9a-f]{128}$/) });

export type SignedManifest = z.output<typeof signedManifest>;
type Statement = z.output<typeof statement>;

/** The names of files with their hashes, as `sha256sum` writes and checks them. */
export class Manifest {
  #text = "";
  #files = 0;

  add(name: string, sha256: string): void {
    this.#text += `${sha256}  ${name}\n`;
    this.#files += 1;
  }

  get text(): string {
    return this.#text;
  }

  /** One line of canonical JSON (RFC 8785), signed with the key that signs the audit log's seals. */
  signed(facts: Pick<Statement, "protocol" | "part" | "parts" | "createdAt">, name: string, key: SigningKey): string {
    const manifest = { name, sha256: createHash("sha256").update(this.#text).digest("hex") };
    const signing = { signingKeyId: key.id, files: this.#files, manifest };
    const content: Statement = { type: "custodia.subject-package.v1", ...facts, ...signing };
    return `${canonicalize({ statement: content, signature: signCanonical(content, key.privateKey) })}\n`;
  }
}

/** What is wrong with a manifest and its signature; null: nothing. Needs public keys alone. */
export function manifestProblem(manifest: string, signature: string, keys: PublicKeys): string | null {
  const parsed = signedManifest.safeParse(parseJson(signature));
  if (!parsed.success) return "the signature cannot be read";
  const { statement: content, signature: signed } = parsed.data;
  const key = keys.get(content.signingKeyId);
  if (!key) return `no public key "${content.signingKeyId}" was given`;
  if (!isCanonicalSignedBy(content, signed, key)) return "the signature is not valid";
  if (createHash("sha256").update(manifest).digest("hex") !== content.manifest.sha256)
    return "the manifest is not the one that was signed";
  return null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
