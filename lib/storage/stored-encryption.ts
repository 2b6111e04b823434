import type { StoredEncryption } from "@/lib/db/schema/recordings";
import type { ObjectEncryption } from "@/lib/storage/object-store";

/**
 * What is kept of the encryption that a store reports: that it said there is none is kept too; null when it says
 * nothing either way.
 */
export function storedEncryption(reported: ObjectEncryption): StoredEncryption | null {
  if (reported === "unverifiable") return null;
  return reported === "none" ? { algorithm: "none", keyId: null } : reported;
}
