import { canonicalContent, canonicalLine, place } from "@/lib/operation/canonical-event";
import { readEventTexts } from "@/lib/audit/event-stream";
import { leafHash, MerkleRoot } from "@/lib/audit/merkle-tree";
import { explainBatch } from "@/lib/audit/verify/batch-explanation";
import type { Findings } from "@/lib/audit/verify/finding";
import { parseContent, type HmacCheck } from "@/lib/audit/verify/hmac-check";
import type { LogSource } from "@/lib/audit/verify/log-source";
import type { WriterCounters } from "@/lib/audit/verify/writer-counters";
import { readCheckpoints, TreeCheck } from "@/lib/audit/verify/tree-check";
import type { SealRow } from "@/lib/audit/seal-row";
import type { PublicKeys } from "@/lib/audit/signing-keys";

/** Allowed difference between the clocks of the machines that write events, seal and verify. */
export const clockToleranceMs = 60_000;

/** The events found in the range of one seal. */
class BatchCheck {
  readonly #tree = new MerkleRoot();
  /** Events whose HMAC is wrong. */
  readonly forged: string[] = [];

  readonly seal: SealRow;
  /** The log's tree up to this seal; null if it has no checkpoint. */
  readonly log: TreeCheck | null;

  readonly #latest: string;

  constructor(seal: SealRow, log: TreeCheck | null) {
    this.seal = seal;
    this.log = log;
    this.#latest = new Date(seal.sealedAt.getTime() + clockToleranceMs).toISOString();
  }

  /** @param occurredAt in the form of ISO 8601 that events have, which sorts as text. */
  isSealedBefore(occurredAt: string): boolean {
    return occurredAt > this.#latest;
  }

  add(leaf: string): void {
    this.#tree.add(leaf);
    this.log?.add(leaf);
  }

  /** Whether these are exactly the sealed events. */
  get isIntact(): boolean {
    return this.#tree.count === this.seal.eventCount && this.#tree.root() === this.seal.merkleRoot.toString("hex");
  }
}

type StreamedEvent = {
  leaf: string;
  content: string;
  hmac: string;
  transactionId: number;
  occurredAt: string;
  writerId: string;
  writerSequence: number;
  writerSettled: number;
};

/** Null for a line that the portal cannot have written. */
function readEvent(line: string): StreamedEvent | null {
  const texts = readEventTexts(line);
  if (!texts) return null;
  const content = canonicalContent(texts);
  return {
    leaf: leafHash(canonicalLine(content, texts)),
    content,
    hmac: texts[place.hmac]!,
    transactionId: Number(texts[place.transactionId]),
    occurredAt: texts[place.occurredAt]!,
    writerId: texts[place.writerId]!,
    writerSequence: Number(texts[place.writerSequence]),
    writerSettled: Number(texts[place.writerSettled]),
  };
}

/** Counts of the events read. */
export type EventTotals = { sealed: number; unsealed: number; oldestUnsealed: Date | null };

const sealWaitMs = 10 * 60_000;

/** Reads events alongside their seals, once, in order. */
export class EventVerification {
  readonly totals: EventTotals = { sealed: 0, unsealed: 0, oldestUnsealed: null };
  readonly unknownHmacKeys = new Set<string>();

  private readonly source: LogSource;
  readonly findings: Findings;
  private readonly writers: WriterCounters;
  private readonly hmacs: HmacCheck | null;
  readonly publicKeys: PublicKeys;

  constructor(
    source: LogSource,
    findings: Findings,
    writers: WriterCounters,
    hmacs: HmacCheck | null,
    publicKeys: PublicKeys,
  ) {
    this.publicKeys = publicKeys;
    this.source = source;
    this.findings = findings;
    this.writers = writers;
    this.hmacs = hmacs;
  }

  /** Compares the events of one epoch with its seals. Events after the last seal are not sealed yet. */
  async verifySealed(epoch: string, transactionFrom: bigint, transactionTo: bigint | null): Promise<void> {
    const { tx, range } = this.source;
    const seals = this.source.seals(epoch);
    const checkpoints = readCheckpoints(tx, range, epoch);
    const nextBatch = async () => {
      const [{ value: seal, done }, checkpoint] = [await seals.next(), await checkpoints.next()];
      if (done) return null;
      const log = checkpoint.done ? null : await TreeCheck.begin(tx, seal, checkpoint.value, this);
      return new BatchCheck(seal, log);
    };
    let batch = await nextBatch();
    let transactionId = 0;
    for await (const lines of this.source.events(epoch, transactionFrom, transactionTo)) {
      for (const line of lines) {
        const event = readEvent(line);
        transactionId = event?.transactionId ?? transactionId;
        while (batch && transactionId >= batch.seal.transactionTo) {
          await this.#finish(batch);
          batch = await nextBatch();
        }
        if (batch && transactionId >= batch.seal.transactionFrom) this.#addToBatch(batch, event, line);
        else if (batch) this.#outside(event, "stands between two seals");
        else this.#waiting(epoch, event);
      }
    }
    for (; batch; batch = await nextBatch()) await this.#finish(batch);
  }

  /** Reads the events of an epoch without seals. */
  async verifyUnsealed(epoch: string): Promise<void> {
    for await (const lines of this.source.events(epoch, 0n, null))
      for (const line of lines) this.#waiting(epoch, readEvent(line));
  }

  #addToBatch(batch: BatchCheck, event: StreamedEvent | null, line: string): void {
    this.totals.sealed += 1;
    batch.add(event?.leaf ?? leafHash(line));
    if (!event) batch.forged.push("unreadable");
    else if (!this.#isAuthentic(event)) batch.forged.push(eventIdOf(event.content));
    else if (batch.isSealedBefore(event.occurredAt)) this.#afterSeal(batch.seal, event);
  }

  #waiting(epoch: string, event: StreamedEvent | null): void {
    const { currentEpoch, newestSealEpoch } = this.source;
    // Only the current epoch and the one before it are still sealed.
    const isExpected = epoch === currentEpoch || newestSealEpoch !== currentEpoch;
    if (!isExpected) return this.#outside(event, "stands in an epoch that is over, unsealed");
    this.totals.unsealed += 1;
    if (this.totals.oldestUnsealed === null && event)
      this.totals.oldestUnsealed = new Date(String(parseContent(event.content)?.occurredAt));
    if (!event || !this.#isAuthentic(event)) this.#forged(event && eventIdOf(event.content), undefined);
  }

  #afterSeal({ sequence, sealedAt }: SealRow, { content, occurredAt }: StreamedEvent): void {
    const detail = `is of ${occurredAt}, its seal of ${sealedAt.toISOString()}`;
    this.findings.add({ code: "event_after_seal", seal: sequence, eventId: eventIdOf(content), detail });
  }

  #outside(event: StreamedEvent | null, detail: string): void {
    this.findings.add({ code: "event_inserted", eventId: event ? eventIdOf(event.content) : "unreadable", detail });
  }

  #forged(eventId: string | null, seal: number | undefined): void {
    this.findings.add({
      code: "event_forged",
      seal,
      eventId: eventId ?? "unreadable",
      detail: "its HMAC is wrong: it was written or changed without the key, before it was sealed",
    });
  }

  /** Checks the HMAC, false if it is wrong, and counts the event for its writer. */
  #isAuthentic(event: StreamedEvent): boolean {
    const result = this.hmacs?.check(event.content, event.hmac) ?? "authentic";
    if (result === "unknown_key") this.unknownHmacKeys.add(String(parseContent(event.content)?.hmacKeyId));
    // The sequence numbers of a forged event are not trusted.
    if (result === "forged") return false;
    this.writers.add(event.writerId, event.writerSequence, event.writerSettled);
    if (isClosing(event.content)) this.#closeWriter(event);
    return true;
  }

  #closeWriter(event: StreamedEvent): void {
    const content = parseContent(event.content);
    const details = content?.details as { highest?: number; unused?: number[] } | undefined;
    if (content?.action === "audit_log.writer_closed" && details?.highest && details.unused)
      this.writers.close(event.writerId, details.highest, details.unused);
  }

  async #finish(batch: BatchCheck): Promise<void> {
    const { seal, forged } = batch;
    const named = new Set<string>();
    if (batch.isIntact) batch.log?.finish(this.findings);
    else {
      const { leaves, found } = await this.source.batch(seal);
      for (const id of explainBatch(seal, leaves, found, this.findings)) named.add(id);
    }
    for (const id of forged) if (!named.has(id)) this.#forged(id, seal.sequence);
  }
}

const closing = '{"action":"audit_log.writer_closed"';

function isClosing(content: string): boolean {
  return content.startsWith(closing);
}

/** Adds a warning if events have waited too long for a seal. */
export function checkSealLag({ oldestUnsealed, unsealed }: EventTotals, findings: Findings, now: Date): void {
  if (oldestUnsealed && now.getTime() - oldestUnsealed.getTime() > sealWaitMs) {
    findings.add({
      code: "sealing_late",
      detail: `${unsealed} events wait for their seal, the oldest since ${oldestUnsealed.toISOString()}`,
    });
  }
}

/** The id of an event, for a finding. */
function eventIdOf(content: string): string {
  return String(parseContent(content)?.id ?? "unreadable");
}
