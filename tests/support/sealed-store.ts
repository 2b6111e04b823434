import { databaseVault } from "@/lib/encryption-keys/database-vault";
import { env } from "@/lib/core/env";
import { EnvelopeStore } from "@/lib/storage/envelope/envelope-store";
import { StoreLinks } from "@/lib/storage/links/store-links";
import type { ObjectStore } from "@/lib/storage/object-store";

/** The store that seals what lies under a prefix, with its keys in the database of the test. */
export function sealedStore(plain: ObjectStore, sealedPrefix: string, origin = "http://localhost:1"): EnvelopeStore {
  return new EnvelopeStore(plain, {
    vault: databaseVault(),
    links: new StoreLinks(env().LINK_SIGNING_KEYS, origin),
    sealedPrefix,
    sealsNew: true,
  });
}
