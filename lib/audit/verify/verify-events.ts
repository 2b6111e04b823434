import { hash } from "node:crypto";
import { BatchCheck, eventIdOf } from "@/lib/audit/verify/batch-check";
import { readEventLine, type EventLine } from "@/lib/audit/verify/event-lines";
import { explainBatch } from "@/lib/audit/verify/explain-batch";
import type { Findings } from "@/lib/audit/verify/finding";
import { parseContent, type HmacCheck } from "@/lib/audit/verify/hmac-check";
import type { LogSource } from "@/lib/audit/verify/log-source";
import type { WriterCounters } from "@/lib/audit/verify/writer-counters";

/** What was met in the events. */
export type EventTotals = { sealed: number; unsealed: number; oldestUnsealed: Date | null };

const sealWaitMs = 10 * 60_000;

/** Reads events beside their seals, once, in order. */
export class EventVerification {
  readonly totals: EventTotals = { sealed: 0, unsealed: 0, oldestUnsealed: null };
  readonly unknownHmacKeys = new Set<string>();

  constructor(
    private readonly source: LogSource,
    private readonly findings: Findings,
    private readonly writers: WriterCounters,
    private readonly hmacs: HmacCheck | null,
  ) {}

  /** Compares the events of one epoch with its seals. Those after the last seal are waiting for theirs. */
  async verifySealed(epoch: string, transactionFrom: bigint, transactionTo: bigint | null): Promise<void> {
    const seals = this.source.seals(epoch);
    const nextBatch = async () => {
      const { value, done } = await seals.next();
      return done ? null : new BatchCheck(value);
    };
    let batch = await nextBatch();
    let transactionId = 0;
    for await (const lines of this.source.events(epoch, transactionFrom, transactionTo)) {
      for (const prefixed of lines) {
        const event = readEventLine(prefixed);
        transactionId = event?.transactionId ?? transactionId;
        while (batch && transactionId >= batch.seal.transactionTo) {
          await this.#finish(batch);
          batch = await nextBatch();
        }
        if (batch && transactionId >= batch.seal.transactionFrom) this.#addToBatch(batch, event, prefixed);
        else if (batch) this.#outside(event, "stands between two seals");
        else this.#waiting(epoch, event);
      }
    }
    for (; batch; batch = await nextBatch()) await this.#finish(batch);
  }

  /** Reads the events of an epoch without seals. */
  async verifyUnsealed(epoch: string): Promise<void> {
    for await (const lines of this.source.events(epoch, 0n, null)) for (const prefixed of lines) this.#waiting(epoch, readEventLine(prefixed));
  }

  #addToBatch(batch: BatchCheck, event: EventLine | null, prefixed: Buffer): void {
    this.totals.sealed += 1;
    batch.add(event?.leaf ?? hash("sha256", prefixed, "buffer"));
    if (!event) batch.forged.push("unreadable");
    else if (!this.#isAuthentic(event)) batch.forged.push(eventIdOf(event.content));
  }

  #waiting(epoch: string, event: EventLine | null): void {
    const { currentEpoch, newestSeal } = this.source;
    // Nothing seals an epoch that is neither the current one nor the last before it.
    const isExpected = epoch === currentEpoch || newestSeal?.epoch !== currentEpoch;
    if (!isExpected) return this.#outside(event, "stands in an epoch that is over, unsealed");
    this.totals.unsealed += 1;
    if (this.totals.oldestUnsealed === null && event) this.totals.oldestUnsealed = new Date(String(parseContent(event.content)?.occurredAt));
    if (!event || !this.#isAuthentic(event)) this.#forged(event && eventIdOf(event.content), undefined);
  }

  #outside(event: EventLine | null, detail: string): void {
    this.findings.add({ code: "event_inserted", eventId: event ? eventIdOf(event.content) : "unreadable", detail });
  }

  #forged(eventId: string | null, seal: number | undefined): void {
    this.findings.add({ code: "event_forged", seal, eventId: eventId ?? "unreadable", detail: "its HMAC is wrong: written or edited by somebody without the key, before it was sealed" });
  }

  /** False for a wrong HMAC. Counts the event for its writer. */
  #isAuthentic(event: EventLine): boolean {
    const result = this.hmacs?.check(event.content, event.hmac) ?? "authentic";
    if (result === "unknown_key") this.unknownHmacKeys.add(String(parseContent(event.content)?.hmacKeyId));
    // What a forger says of numbers is not believed.
    if (result === "forged") return false;
    this.writers.add(event.writerId, event.writerSequence, event.writerSettled);
    if (isClosing(event.content)) this.#closeWriter(event);
    return true;
  }

  #closeWriter(event: EventLine): void {
    const content = parseContent(event.content);
    const details = content?.details as { highest?: number; unused?: number[] } | undefined;
    if (content?.action === "audit_log.writer_closed" && details?.highest && details.unused) this.writers.close(event.writerId, details.highest, details.unused);
  }

  async #finish(batch: BatchCheck): Promise<void> {
    const { seal, forged } = batch;
    const named = new Set<string>();
    if (!batch.isIntact) {
      const { leaves, found } = await this.source.batch(seal);
      for (const id of explainBatch(seal, leaves, found, this.findings)) named.add(id);
    }
    for (const id of forged) if (!named.has(id)) this.#forged(id, seal.sequence);
  }
}

/** Whether it begins like `{"action":"audit_log.writer_closed"`: two bytes decide for nearly all events. */
function isClosing(content: Buffer): boolean {
  return content[11] === 97 && content[21] === 119;
}

/** Adds a warning when events have been waiting too long. */
export function checkSealLag({ oldestUnsealed, unsealed }: EventTotals, findings: Findings, now: Date): void {
  if (oldestUnsealed && now.getTime() - oldestUnsealed.getTime() > sealWaitMs) {
    findings.add({ code: "sealing_late", detail: `${unsealed} events wait for their seal, the oldest since ${oldestUnsealed.toISOString()}` });
  }
}
