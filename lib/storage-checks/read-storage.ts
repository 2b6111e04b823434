import { desc } from "drizzle-orm";
import { z } from "zod";
import { isAllowed } from "@/lib/operation/permissions";
import { storageChecks, type StorageControlResult } from "@/lib/db/schema/storage-checks";
import { env, type Env } from "@/lib/core/env";
import { query } from "@/lib/operation/operation";
import { configuredStore } from "@/lib/storage/configured-store";
import type { StoreCapabilities } from "@/lib/core/env/store-capabilities";

export type StorageFacts = {
  name: string;
  /** The encryption that the settings request for each upload. */
  encryption: "envelope" | "custodia:aes256-gcm" | "AES256" | "aws:kms" | "none" | "unverifiable";
  /** Under `envelope` the portal delivers new recordings itself, because no store can decrypt them. */
  delivery: Env["PLAYBACK_DELIVERY"] | "presigned_unless_sealed";
  /** As the store declares them. */
  capabilities: StoreCapabilities;
  /** The results of the latest check. */
  lastCheck: { results: StorageControlResult[]; createdAt: Date } | null;
  mayCheck: boolean;
};

/** The store of this installation and its capabilities, without its address, account or keys. */
export const readStorage = query({
  permission: "storage:read",
  input: z.object({}),
  run: async ({ db, actor }): Promise<StorageFacts> => {
    const settings = env();
    const { name, capabilities } = configuredStore();
    const { results, createdAt } = storageChecks;
    const [lastCheck = null] = await db
      .select({ results, createdAt })
      .from(storageChecks)
      .orderBy(desc(storageChecks.createdAt), desc(storageChecks.id))
      .limit(1);
    return {
      lastCheck,
      mayCheck: isAllowed(actor, "storage:check"),
      name,
      encryption: requestedEncryption(settings),
      delivery: deliveryOf(settings),
      capabilities: { ...capabilities },
    };
  },
});

function requestedEncryption(settings: Env): StorageFacts["encryption"] {
  if (settings.RECORDING_ENCRYPTION === "envelope") return "envelope";
  if (settings.STORE === "disk") return "custodia:aes256-gcm";
  const reportsNothing = configuredStore().capabilities.encryption.length === 0;
  return settings.STORE === "supabase" || reportsNothing ? "unverifiable" : settings.S3_ENCRYPTION;
}

function deliveryOf({ PLAYBACK_DELIVERY, RECORDING_ENCRYPTION }: Env): StorageFacts["delivery"] {
  return PLAYBACK_DELIVERY === "presigned" && RECORDING_ENCRYPTION === "envelope"
    ? "presigned_unless_sealed"
    : PLAYBACK_DELIVERY;
}
