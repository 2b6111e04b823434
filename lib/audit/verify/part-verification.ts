import { EventVerification, type EventTotals } from "@/lib/audit/verify/event-verification";
import { Findings } from "@/lib/audit/verify/finding";
import { HmacCheck } from "@/lib/audit/verify/hmac-check";
import type { LogPart } from "@/lib/audit/verify/log-parts";
import { LogSource } from "@/lib/audit/verify/log-source";
import { WriterCounters, type WriterCount } from "@/lib/audit/verify/writer-counters";
import type { PublicKeys } from "@/lib/audit/signing-keys";
import type { NamedKey } from "@/lib/core/crypto/key-list";
import type { Database } from "@/lib/db/client";

export type VerificationKeys = { hmacKeys: readonly NamedKey[] | null; publicKeys: PublicKeys };

/** What the events of a part gave. Can be sent to a thread. */
export type PartReport = {
  totals: EventTotals;
  findings: Pick<Findings, "list" | "counts">;
  unknownHmacKeys: string[];
  writers: WriterCount[];
};

/**
 * Verifies parts of a long log at the same time, such as in threads: `most` beside the caller's, of so many events. The
 * signal ends the work when another part failed.
 */
export type PartVerifier = {
  verify: (part: LogPart, signal: AbortSignal) => Promise<PartReport>;
  most: number;
  eventsEach: number;
};

/** Reads the events of one part alongside their seals, then those of epochs that have no seal. */
export async function verifyPart(
  source: LogSource,
  part: Pick<LogPart, "epochs">,
  keys: VerificationKeys,
  unsealedEpochs: readonly string[] = [],
): Promise<PartReport> {
  const findings = new Findings();
  const writers = new WriterCounters();
  const hmacs = keys.hmacKeys && new HmacCheck(keys.hmacKeys);
  const events = new EventVerification(source, findings, writers, hmacs, keys.publicKeys);
  for (const { epoch, transactionFrom, transactionTo } of part.epochs)
    await events.verifySealed(epoch, transactionFrom, transactionTo);
  for (const epoch of unsealedEpochs) await events.verifyUnsealed(epoch);
  return {
    totals: events.totals,
    findings: { list: findings.list, counts: findings.counts },
    unknownHmacKeys: [...events.unknownHmacKeys],
    writers: writers.list,
  };
}

/** Verifies a part of a log that another thread has open. */
export function verifyJoinedPart(db: Database, part: LogPart, keys: VerificationKeys): Promise<PartReport> {
  return LogSource.join(db, part, (source) => verifyPart(source, part, keys));
}
