import type { KeyObject } from "node:crypto";
import { createPublicKey, hash } from "node:crypto";
import type { PublicKeys } from "@/lib/audit/signing-keys";

/** A statement of an export with its signature: `isSignedBy` checks it against one key. */
type Signed = { keyId: string; isSignedBy: (key: KeyObject) => boolean };

/**
 * Tells a foreign signature from a false one. A foreign one is by a key of the same name that stands in the file and
 * not among the given ones: another installation's, or one that somebody put there. It proves nothing, and is no sign
 * of tampering either, unless the given keys signed other parts of the same file.
 */
export class SignatureCheck {
  readonly #verified = new Set<string>();
  readonly #foreign = new Map<string, number>();
  #ownKeys: ReadonlyMap<string, KeyObject> = new Map();

  private readonly given: PublicKeys;

  constructor(given: PublicKeys) {
    this.given = given;
  }

  /** The keys that the file itself names. They only tell who claims to have signed. */
  setOwnKeys(pems: Readonly<Record<string, string>>): void {
    this.#ownKeys = new Map(Object.entries(pems).flatMap(([id, pem]) => readKey(id, pem)));
  }

  /** False for a signature that no key made. */
  check({ keyId, isSignedBy }: Signed, line: number): boolean {
    const given = this.given.get(keyId);
    if (given && isSignedBy(given)) return (this.#verified.add(keyId), true);
    const own = this.#ownKeys.get(keyId);
    const isForeign = own ? isSignedBy(own) : !given;
    if (isForeign && !this.#foreign.has(keyId)) this.#foreign.set(keyId, line);
    return isForeign;
  }

  /** The first line of each key that took the name of a given key beside that key: a sign of tampering. */
  get mixedIn(): ForeignKey[] {
    return this.#keys(
      (keyId) => this.#verified.has(keyId),
      (key) => `is signed with another ${key} than lines before or after`,
    );
  }

  /** The first line of each other foreign key. */
  get foreign(): ForeignKey[] {
    return this.#keys(
      (keyId) => !this.#verified.has(keyId),
      (key) =>
        `is signed with a foreign ${key}, which was not given: the export is of another installation, of a later ` +
        "key, or made by somebody else",
    );
  }

  #keys(which: (keyId: string) => boolean, sentence: (key: string) => string): ForeignKey[] {
    return [...this.#foreign]
      .filter(([keyId]) => which(keyId))
      .map(([keyId, line]) => ({ line, detail: sentence(`key "${keyId}"${fingerprint(this.#ownKeys.get(keyId))}`) }));
  }
}

type ForeignKey = { line: number; detail: string };

const fingerprint = (key: KeyObject | undefined) =>
  key ? ` (SHA-256 ${hash("sha256", key.export({ type: "spki", format: "der" }), "hex")})` : "";

function readKey(id: string, pem: string): [string, KeyObject][] {
  try {
    return [[id, createPublicKey(pem)]];
  } catch {
    return [];
  }
}
