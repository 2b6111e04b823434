import type { Findings } from "@/lib/audit/verify/finding";
import type { LogSource } from "@/lib/audit/verify/log-source";
import { NumberRanges } from "@/lib/audit/verify/number-ranges";

type Writer = { numbers: NumberRanges; settled: number; unused: ReadonlySet<number> };

export type WriterCount = {
  id: string;
  settled: number;
  numbers: readonly (readonly [first: number, last: number])[];
  unused: readonly number[];
};

export type WriterGap = {
  writerId: string;
  first: number;
  last: number;
  /** Known to have been committed. */ proven: boolean;
};

/** Tracks the sequence numbers of each writer through the stream of events. */
export class WriterCounters {
  readonly #writers = new Map<string, Writer>();
  #latest: { id: string; writer: Writer } | undefined;

  add(writerId: string, number: number, settled: number): void {
    const writer = this.#writer(writerId);
    writer.numbers.add(number);
    if (settled > writer.settled) writer.settled = settled;
  }

  /** An orderly end: the writer itself names the numbers that it did not use, up to `highest`. */
  close(writerId: string, highest: number, unused: readonly number[]): void {
    const writer = this.#writer(writerId);
    writer.unused = new Set(unused);
    writer.settled = Math.max(writer.settled, highest);
  }

  /**
   * Missing numbers below a writer's highest number, or below those that it knew to be committed.
   * @param fromFirst true if only a part of the log is read: numbers before the first one are then no gap.
   */
  gaps(fromFirst: boolean): WriterGap[] {
    return [...this.#writers].flatMap(([writerId, writer]) => gapsOf(writerId, writer, fromFirst));
  }

  /** What was counted, in a form that can be sent to a thread. */
  get list(): WriterCount[] {
    return [...this.#writers].map(([id, { numbers, settled, unused }]) => ({
      ...{ id, settled, numbers: numbers.list, unused: [...unused] },
    }));
  }

  /** Adds what was counted in another part of the log. */
  absorb(counts: readonly WriterCount[]): void {
    for (const { id, settled, numbers, unused } of counts) {
      const writer = this.#writer(id);
      writer.numbers.absorb(numbers);
      writer.settled = Math.max(writer.settled, settled);
      writer.unused = new Set([...writer.unused, ...unused]);
    }
  }

  #writer(id: string): Writer {
    if (this.#latest?.id === id) return this.#latest.writer;
    let writer = this.#writers.get(id);
    if (!writer) this.#writers.set(id, (writer = { numbers: new NumberRanges(), settled: 0, unused: new Set() }));
    this.#latest = { id, writer };
    return writer;
  }
}

function gapsOf(writerId: string, { numbers, settled, unused }: Writer, fromFirst: boolean): WriterGap[] {
  const gaps = numbers.gaps(fromFirst ? numbers.first! : 1);
  if (settled > numbers.last!) gaps.push([numbers.last! + 1, settled]);
  return gaps
    .flatMap(([first, last]) => withoutUnused(first, last, unused))
    .flatMap(([first, last]) => {
      if (last <= settled) return [{ writerId, first, last, proven: true }];
      if (first > settled) return [{ writerId, first, last, proven: false }];
      return [
        { writerId, first, last: settled, proven: true },
        { writerId, first: settled + 1, last, proven: false },
      ];
    });
}

function withoutUnused(first: number, last: number, unused: ReadonlySet<number>): [number, number][] {
  const inside = [...unused].filter((number) => first <= number && number <= last).sort((left, right) => left - right);
  const parts: [number, number][] = [];
  let next = first;
  for (const number of inside) {
    if (number > next) parts.push([next, number - 1]);
    next = number + 1;
  }
  if (next <= last) parts.push([next, last]);
  return parts;
}

/**
 * Reports missing numbers that their writer knew to be committed: these events were deleted. Events removed after they
 * were sealed are reported with their batch.
 */
export async function checkWriters(source: LogSource, writers: WriterCounters, findings: Findings): Promise<void> {
  let explained = findings.count("event_removed");
  for (const { writerId, first, last, proven } of writers.gaps(!source.isWhole)) {
    const present = await source.countNumbers(writerId, first, last);
    const missing = last - first + 1 - present;
    if (missing === 0) continue;
    const numbers = first === last ? `number ${first}` : `${missing} of the numbers ${first} to ${last}`;
    if (!proven)
      findings.add({
        code: "writer_gap",
        writerId,
        detail: `${numbers} never arrived: still in flight, lost in a crash, or deleted`,
      });
    else if (missing <= explained) explained -= missing;
    else
      findings.add({ code: "event_deleted_before_seal", writerId, detail: `${numbers} was committed and is missing` });
  }
}
