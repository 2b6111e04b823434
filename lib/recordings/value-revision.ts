import { createHash } from "node:crypto";

/** Says which encrypted value a form showed, so that no correction replaces one that the person has not seen. */
export function valueRevision(encrypted: Buffer | null): string {
  return encrypted === null ? "none" : createHash("sha256").update(encrypted).digest("hex").slice(0, 32);
}
