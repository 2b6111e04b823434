import { and, asc, gt, ne } from "drizzle-orm";
import pLimit from "p-limit";
import { z } from "zod";
import { rowLimit } from "@/lib/core/page-input";
import { auditEvent } from "@/lib/operation/audit-event";
import { ChunkedAeadError } from "@/lib/core/crypto/chunked-aead-format";
import { replaceWrappedKeys, type RewrappedKey } from "@/lib/encryption-keys/wrapped-key-replacement";
import { wrappingKeys } from "@/lib/encryption-keys/wrapping-keys";
import type { ReadDatabase } from "@/lib/db/client";
import { dataKeys } from "@/lib/db/schema/data-keys";
import { AppError } from "@/lib/core/errors";
import { log } from "@/lib/core/log";
import { command } from "@/lib/operation/operation";

/** Concurrent requests to the key service. */
const concurrency = 8;

const rewrapRequest = z.object({
  /** Id of the current wrapping key, from `probeWrappingKey`. */
  keyId: z.string().min(1).max(300),
  /** The last object key of the previous batch; "" at the beginning. */
  after: z.string().max(300),
  limit: rowLimit(1000, 500),
});

/**
 * Wraps one batch of data keys with the current wrapping key, ordered by object key. The data keys and objects do not
 * change. A data key that cannot be unwrapped is counted and stays unchanged.
 * @throws AppError `key_unavailable` if the key service does not answer.
 */
export const rewrapDataKeys = command({
  permission: "data-key:rewrap",
  input: rewrapRequest,
  audits: ["data_key.rewrapped"],
  prepare: async ({ db, input }) => {
    const rows = await keysUnderOthers(db, input);
    const limit = pLimit(concurrency);
    const wrapped = await Promise.all(rows.map((row) => limit(() => rewrap(row))));
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

async function rewrap({ objectKey, keyId, wrappedKey }: Row): Promise<RewrappedKey | null> {
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
    log.warn({ keyId, code: error.code }, "the data key of a recording could not be unwrapped and stays unchanged");
    return null;
  }
}
