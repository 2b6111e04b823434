import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { storageChecks, type StorageControlResult } from "@/lib/db/schema/storage-checks";
import { env } from "@/lib/core/env";
import { newId } from "@/lib/core/new-id";
import { command } from "@/lib/operation/operation";
import { bucketConfig } from "@/lib/storage/bucket-config";
import { checkStore } from "@/lib/storage-checks/check-store";
import { configuredStore } from "@/lib/storage/configured-store";
import { createObjectStore } from "@/lib/storage/store-from-config";
import type { ObjectStore } from "@/lib/storage/object-store";

export type StorageCheck = { id: string; store: string; results: StorageControlResult[] };

/** Checks every control on the live store and saves the results. A control that fails is a result, not an error. */
export const checkStorage = command({
  permission: "storage:check",
  input: z.object({}),
  audits: ["storage.checked"],
  prepare: async () => {
    const settings = env();
    const bucket = bucketConfig(settings);
    // The bucket itself, even if recordings are sealed before they reach it.
    const store = bucket ? createObjectStore(bucket) : configuredStore();
    return {
      store: store.name,
      results: await checkStore({ store, bucket, portalOrigin: new URL(settings.NEXTAUTH_URL).origin }),
    };
  },
  run: async ({ tx, prepared }) => {
    const results = [...prepared.results, recordingsEncrypted(configuredStore(), prepared.results)];
    const check: StorageCheck = { id: newId(), store: prepared.store, results };
    await tx.insert(storageChecks).values(check);
    const count = (outcome: StorageControlResult["outcome"]) =>
      check.results.filter((result) => result.outcome === outcome).length;
    const details = {
      store: check.store,
      holds: count("holds"),
      fails: count("fails"),
      unsupported: count("unsupported"),
      unknown: count("unknown"),
    };
    return {
      result: check,
      audits: [
        auditEvent("storage.checked", {
          outcome: details.fails > 0 ? "failure" : "success",
          target: { type: "storage_check", id: check.id },
          details,
        }),
      ],
    };
  },
});

/**
 * Whether recordings are encrypted at rest: by the portal, or by the store as it reported in `results`. Fails also if
 * the settings request no encryption that the store supports.
 */
function recordingsEncrypted(
  { capabilities }: ObjectStore,
  results: readonly StorageControlResult[],
): StorageControlResult {
  const control = "recordings_encrypted";
  if (capabilities.encryption.includes("custodia:aes256-gcm"))
    return { control, outcome: "holds", detail: "custodia:aes256-gcm" };
  const { outcome, detail } = results.find((result) => result.control === "encryption_reported") ?? {
    outcome: "unknown" as const,
    detail: null,
  };
  return detail === "not_asked" ? { control, outcome: "fails", detail: "none" } : { control, outcome, detail };
}
