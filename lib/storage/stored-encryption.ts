import type { StoredEncryption } from "@/lib/db/schema/recording-words";
import type { ObjectEncryption } from "@/lib/storage/object-facts";

/** The encryption of a recording's row, from the store's report: also "none"; null if the store reports nothing. */
export function storedEncryption(reported: ObjectEncryption): StoredEncryption | null {
  if (reported === "unverifiable") return null;
  return reported === "none" ? { algorithm: "none", keyId: null } : reported;
}
