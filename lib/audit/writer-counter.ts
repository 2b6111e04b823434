import { z } from "zod";
import canonicalize from "canonicalize";
import { sql } from "drizzle-orm";
import { currentSigningKey, isCanonicalSignedBy, signCanonical } from "@/lib/audit/signing-keys";
import { log } from "@/lib/core/log";
import type { Database } from "@/lib/db/client";
import { currentWriter } from "@/lib/operation/audit-writer";
import type { ObjectStore } from "@/lib/storage/object-store";
import { StoreError } from "@/lib/storage/store-error";
import type { KeyObject } from "node:crypto";

export const counterPrefix = "writers/";

const counterSchema = z.strictObject({
  counter: z.strictObject({
    type: z.literal("custodia.audit-writer-counter.v1"),
    epoch: z.string(),
    writerId: z.uuid(),
    /** All events of the process up to this number were committed. */
    settled: z.int().positive(),
    at: z.iso.datetime({ precision: 3 }),
    signingKeyId: z.string(),
  }),
  signature: z.string().regex(/^[0-9a-f]{128}$/),
});

export type SignedCounter = z.output<typeof counterSchema>;

/** `writers/<epoch>/<writer>/<number>.json`. Zero-padded, so that keys sort by number. */
export function counterKey({ epoch, writerId, settled }: CounterName): string {
  return `${counterPrefix}${epoch}/${writerId}/${String(settled).padStart(12, "0")}.json`;
}

export type CounterName = { epoch: string; writerId: string; settled: number };

/** What the key of a counter says, or null if it is none. */
export function parseCounterKey(key: string): CounterName | null {
  const match = /^writers\/([0-9a-z-]+)\/([0-9a-f-]{36})\/(\d{12})\.json$/.exec(key);
  return match && { epoch: match[1]!, writerId: match[2]!, settled: Number(match[3]) };
}

/** Reads a counter; null if the object is none. @throws StoreError if the store cannot answer. */
export async function readCounter(store: ObjectStore, key: string): Promise<SignedCounter | null> {
  const { stream } = await store.readRange(key, { start: 0, endInclusive: 64 * 1024 });
  const text = await new Response(stream).text();
  try {
    return counterSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

export function isCounterSignedBy({ counter, signature }: SignedCounter, publicKey: KeyObject): boolean {
  return isCanonicalSignedBy(counter, signature, publicKey);
}

/**
 * Leaves in the object store up to which number this process has committed events, so that its newest events cannot
 * be deleted unseen before their seal. Each number has its own key and is never overwritten. The one before is removed
 * only when the next is stored: a process leaves one object, and at no time none.
 */
export class WriterCounter {
  #last: { name: CounterName; key: string } | null = null;
  #hasWarned = false;

  /** Writes nothing if the process has appended nothing since. */
  async leave(store: ObjectStore, db: Database): Promise<void> {
    const { id: writerId, settled } = currentWriter();
    const last = this.#last;
    const isOfWriter = last?.name.writerId === writerId;
    if (settled === 0 || (isOfWriter && last!.name.settled >= settled)) return;
    const [row] = await db.execute<{ epoch: string }>(sql`select audit_epoch() as epoch`);
    const name = { epoch: row!.epoch, writerId, settled };
    const key = counterKey(name);
    await putCounter(store, key, name);
    this.#last = { name, key };
    // Of an earlier epoch, or of a writer that was retired, the last one stays.
    if (isOfWriter && last!.name.epoch === name.epoch) await this.#remove(store, last!.key);
  }

  /** One that cannot be removed, as under a lock of the bucket, says less than the next and does no harm. */
  async #remove(store: ObjectStore, key: string): Promise<void> {
    try {
      await store.deleteAllVersions(key);
    } catch (error) {
      if (!this.#hasWarned) log.warn({ error, key }, "superseded counters of audit events stay in the store");
      this.#hasWarned = true;
    }
  }
}

async function putCounter(store: ObjectStore, key: string, name: CounterName): Promise<void> {
  const { id: signingKeyId, privateKey } = currentSigningKey();
  const type = "custodia.audit-writer-counter.v1" as const;
  const counter = { type, ...name, at: new Date().toISOString(), signingKeyId };
  const body = Buffer.from(canonicalize({ counter, signature: signCanonical(counter, privateKey) })!);
  try {
    await store.put(key, body, { contentType: "application/json", sizeBytes: body.length, ifNoneMatch: "*" });
  } catch (error) {
    // An attempt whose answer was lost. Whether it is ours, the verification tells by its signature.
    if (!(error instanceof StoreError) || error.code !== "already_exists") throw error;
  }
}
