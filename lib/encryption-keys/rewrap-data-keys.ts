import { and, asc, gt, ne } from "drizzle-orm";
import pLimit from "p-limit";
import { z } from "zod";
import { rowLimit } from "@/lib/core/page-input";
import { auditEvent } from "@/lib/operation/audit-event";
import { ChunkedAeadError } from "@/lib/core/crypto/chunked-aead-format";
import { replaceWrappedKeys, type RewrappedKey } from "@/lib/encryption-keys/replace-wrapped-keys";
import { wrappingKeys } from "@/lib/encryption-keys/wrapping-keys";
import type { ReadDatabase } from "@/lib/db/client";
import { dataKeys } from "@/lib/db/schema/recordings";
import { AppError } from "@/lib/core/errors";
import { log } from "@/lib/core/log";
import { command } from "@/lib/operation/operation";

/** Questions to the key service at once. */
const atOnce = 8;

const rewrapRequest = z.object({
  /** The wrapping key that every key is to have, as `probeWrappingKey` names it. */
  keyId: z.string().min(1).max(300),
  /** Object key after which to go on; "" at the beginning. */
  after: z.string().max(300),
  limit: rowLimit(1000, 500),
});

/**
 * Wraps one batch of keys anew with the current wrapping key, in the order of their objects. Objects are not touched: a
 * recording is sealed under its own key, which stays the same. A key that cannot be unwrapped stays as it is and is
 * counted.
 * @throws AppError `key_unavailable` when the key service is away: what was done stays done.
 */
export const rewrapDataKeys = command({
  permission: "data-key:rewrap",
  input: rewrapRequest,
  audits: ["data_key.rewrapped"],
  prepare: async ({ db, input }) => {
    const rows = await keysUnderOthers(db, input);
    const limit = pLimit(atOnce);
    const wrapped = await Promise.all(rows.map((row) => limit(() => wrapAnew(row))));
    return {
      wrapped: wrapped.filter((key) => key !== null),
      failed: wrapped.filter((key) => key === null).length,
      next: rows.at(-1)?.objectKey ?? null,
    };
  },
  run: async ({ tx, input, prepared: { wrapped, failed, next } }) => {
    const rewrapped = await replaceWrappedKeys(tx, wrapped);
    const result = { rewrapped, failed, next };
    if (rewrapped + failed === 0) return { result, unchanged: true };
    return {
      result,
      audits: [
        auditEvent("data_key.rewrapped", {
          outcome: failed > 0 ? "failure" : "success",
          details: { keyId: input.keyId, rewrapped, failed },
        }),
      ],
    };
  },
});

type Row = Omit<typeof dataKeys.$inferSelect, "createdAt">;

function keysUnderOthers(
  db: ReadDatabase,
  { keyId: current, after, limit }: z.output<typeof rewrapRequest>,
): Promise<Row[]> {
  const { objectKey, keyId, wrappedKey } = dataKeys;
  return db
    .select({ objectKey, keyId, wrappedKey })
    .from(dataKeys)
    .where(and(ne(keyId, current), gt(objectKey, after)))
    .orderBy(asc(objectKey))
    .limit(limit);
}

async function wrapAnew({ objectKey, keyId, wrappedKey }: Row): Promise<RewrappedKey | null> {
  try {
    const secret = await wrappingKeys().unwrap(keyId, wrappedKey, objectKey);
    return { objectKey, oldWrappedKey: wrappedKey, ...(await wrappingKeys().wrap(secret, objectKey)) };
  } catch (error) {
    if (!(error instanceof ChunkedAeadError))
      throw new AppError(
        "key_unavailable",
        "the key service does not answer; run the command again later",
        {},
        { cause: error },
      );
    log.warn({ keyId, code: error.code }, "a key of a recording could not be unwrapped; it is not changed");
    return null;
  }
}
