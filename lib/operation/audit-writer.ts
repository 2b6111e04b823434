import { newId } from "@/lib/core/new-id";
import { processWide } from "@/lib/core/process-wide";

/**
 * Numbers the events of one process. The number of a rolled-back transaction is reused for the next event, so that
 * committed events have no lasting gap. Each event also states up to which number (`settled`) the writer knows all of
 * them to be committed. A missing number below that mark was deleted; above it, it was in flight when the process
 * ended.
 */
export class AuditWriter {
  readonly id = newId();
  #highest = 0;
  #settled = 0;
  readonly #free: number[] = [];
  readonly #confirmed = new Set<number>();
  /** Numbers whose commit was not confirmed, by transaction id. */
  readonly doubtful = new Map<bigint, readonly number[]>();

  /** All numbers up to this one belong to events known to be committed. */
  get settled(): number {
    return this.#settled;
  }

  get highest(): number {
    return this.#highest;
  }

  /** Returned numbers that were not reused, smallest first. */
  get free(): readonly number[] {
    return this.#free;
  }

  take(): number {
    return this.#free.shift() ?? ++this.#highest;
  }

  confirm(numbers: readonly number[]): void {
    for (const number of numbers) this.#confirmed.add(number);
    while (this.#confirmed.delete(this.#settled + 1)) this.#settled += 1;
  }

  giveBack(numbers: readonly number[]): void {
    this.#free.push(...numbers);
    this.#free.sort((left, right) => left - right);
  }
}

const holder = processWide as { custodiaAuditWriter?: AuditWriter };

/** The writer of this process. */
export function currentWriter(): AuditWriter {
  return (holder.custodiaAuditWriter ??= new AuditWriter());
}

/** Retires a writer: the next event starts a new one. */
export function retireWriter(writer: AuditWriter): void {
  if (holder.custodiaAuditWriter === writer) holder.custodiaAuditWriter = undefined;
}
