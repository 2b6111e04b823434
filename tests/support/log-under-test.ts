import { sql } from "drizzle-orm";
import postgres from "postgres";
import { inject } from "vitest";
import { appendAuditEvents } from "@/lib/operation/event-append";
import { auditEvent } from "@/lib/operation/audit-event";
import { currentWriter, retireWriter } from "@/lib/operation/audit-writer";
import { auditedTransaction } from "@/lib/operation/audited-transaction";
import { recordEpochStart } from "@/lib/audit/epoch-start";
import { sealAuditLog } from "@/lib/audit/seal-audit-log";
import { readSealerState } from "@/lib/audit/unsealed-range";
import { configuredPublicKeys } from "@/lib/audit/signing-keys";
import { verifyAuditLog, type VerificationOptions } from "@/lib/audit/verify/verify-audit-log";
import { database } from "@/lib/db/client";
import { env } from "@/lib/core/env";
import { newId } from "@/lib/core/new-id";
import type { OperationContext } from "@/lib/operation/operation";
import { publishTree } from "@/lib/audit/tree/publish-tree";
import { configuredStore } from "@/lib/storage/configured-store";
import { reportAuditActions } from "../setup/audit-coverage";
import { waitUntil } from "./wait-until";

export const auditorContext = (): OperationContext => ({
  actor: { type: "user", userId: newId(), role: "auditor", unitIds: [], sessionId: newId(), hasFreshProof: true },
  requestId: newId(),
  ipAddress: "192.0.2.7",
});

/**
 * Texts that a careless canonical form would lose: quotes, line ends, separators, accents, emoji, control
 * characters.
 */
const oddText = 'aspas " barra \\ quebra \n\r\t separador \u2028 acento ção 🙂 \u0001 \u007f';

/**
 * Empties the log, its anchors and tiles, with a new writer and the epoch recorded before any batch: otherwise that
 * event is sealed with the first batch or after it, as the other databases of the server happen to hold the horizon.
 * The kinds of events that were written count for the coverage of audit actions.
 */
export async function emptyLog(): Promise<void> {
  await reportAuditActions(inject("auditCoverageFolder"), process.env.MIGRATION_DATABASE_URL!);
  const tables = "audit_events, audit_disclosures, audit_seals, audit_checkpoints";
  const attestations = "audit_cosignatures, audit_timestamps, audit_attestors";
  await asAttacker((owner) => owner.unsafe(`truncate ${tables}, ${attestations}`));
  const store = configuredStore();
  for (const prefix of ["anchors/", "tlog/", "writers/"])
    for (const { key } of (await store.list({ prefix, limit: 1000 })).objects) await store.deleteAllVersions(key);
  retireWriter(currentWriter());
  await beginEpoch();
}

/** Records the epoch's first event, unless it is recorded, and waits until all events can be sealed. */
export async function beginEpoch(): Promise<void> {
  await recordEpochStart(database(), (await readSealerState(database())).epoch);
  await ended();
}

/** Appends events, one transaction each, and waits until they can be sealed. */
export async function append(count: number): Promise<void> {
  await appendOnly(count);
  await ended();
}

/**
 * Waits until every transaction that wrote an event is below the horizon: transactions of other databases of the
 * server hold it up too.
 */
export async function ended(): Promise<void> {
  const isOpen = sql`select coalesce(max(transaction_id::text::numeric)
      >= pg_snapshot_xmin(pg_current_snapshot())::text::numeric, false) as open
    from audit_events where epoch = audit_epoch()`;
  await waitUntil(
    "every event's transaction has ended",
    async () => !(await database().execute<{ open: boolean }>(isOpen))[0]!.open,
  );
}

export async function appendOnly(count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    const target = { type: "recording", id: newId(), unitId: newId() };
    const event = auditEvent("recording.play_granted", {
      target,
      details: { zebra: index, alpha: oddText, list: ["b", "a"], none: null, yes: true, ratio: 0.1 + index },
    });
    await auditedTransaction((tx) => appendAuditEvents(tx, auditorContext(), [event]));
  }
}

export const seal = () => sealAuditLog(configuredStore());

/** Appends events, seals them and publishes the tree, as if its hour had come. */
export async function publish(events = 3): Promise<void> {
  await append(events);
  await seal();
  await publishTree(configuredStore(), database(), new Date(Date.now() + 60 * 60_000));
}

export function verify(options: Partial<VerificationOptions> = {}) {
  return verifyAuditLog({
    db: database(),
    store: configuredStore(),
    hmacKeys: env().AUDIT_HMAC_KEYS,
    publicKeys: configuredPublicKeys(),
    ...options,
  });
}

/** The attacker: the owner of the tables, with the triggers switched off. */
export async function asAttacker<Result>(work: (owner: postgres.Sql) => Promise<Result>): Promise<Result> {
  const owner = postgres(process.env.MIGRATION_DATABASE_URL!, { max: 1, onnotice: () => undefined });
  try {
    await owner`set session_replication_role = replica`;
    return await work(owner);
  } finally {
    await owner.end();
  }
}

/** Ids of all events in the order of their numbers. */
export async function eventIds(): Promise<string[]> {
  const rows = await asAttacker(
    (owner) => owner<{ id: string }[]>`select id from audit_events order by transaction_id, id`,
  );
  return rows.map((row) => row.id);
}
