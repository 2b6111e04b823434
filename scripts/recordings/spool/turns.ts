/** The order in which files of a spool are worked on. `attempt` counts the failures of a file so far. */
export type Turn = { file: string; attempt: number };

/** More files are not remembered while they wait: the next scan of the folder finds them. */
const mostWaiting = 20_000;
const mostFresh = 1_000;

/**
 * Decides which file is next: one turn at a time for each file, new files and retries by turns, and never more than
 * half of the places for retries, so that files that fail again and again keep no good one waiting.
 */
export class Turns {
  readonly #places: number;
  readonly #begin: (turn: Turn) => Promise<void>;
  /** Files to work on now, in order of arrival. A Map keeps each once. */
  readonly #fresh = new Map<string, Turn>();
  readonly #retries = new Map<string, Turn>();
  readonly #waiting = new Map<string, NodeJS.Timeout>();
  readonly #busy = new Map<string, { hasChanged: boolean }>();
  #running = 0;
  #runningRetries = 0;
  #wasRetry = false;
  #isEnded = false;
  readonly #waitsForRoom: (() => void)[] = [];
  readonly #waitsForIdle: (() => void)[] = [];

  /** @param begin works on a file. It is called for `places` files at most at a time, and never rejects. */
  constructor(places: number, begin: (turn: Turn) => Promise<void>) {
    this.#places = places;
    this.#begin = begin;
  }

  /** Adds a file that was found, or has changed. While it waits or is worked on that changes nothing. */
  add(file: string): void {
    const busy = this.#busy.get(file);
    if (busy) busy.hasChanged = true;
    else if (!this.#waiting.has(file) && !this.#retries.has(file)) this.#fresh.set(file, { file, attempt: 0 });
    this.#pump();
  }

  /** Resolves when more files may be added. */
  async room(): Promise<void> {
    if (this.#isEnded || this.#fresh.size < mostFresh) return;
    await new Promise<void>((resolve) => this.#waitsForRoom.push(resolve));
  }

  /** Works on the file again after a time; an attempt above 0 is a retry. */
  later({ file, attempt }: Turn, waitMs: number): void {
    if (this.#isEnded || (this.#waiting.size >= mostWaiting && !this.#waiting.has(file))) return;
    clearTimeout(this.#waiting.get(file));
    const timer = setTimeout(() => {
      this.#waiting.delete(file);
      (attempt > 0 ? this.#retries : this.#fresh).set(file, { file, attempt });
      this.#pump();
    }, waitMs);
    this.#waiting.set(file, timer);
  }

  /** Lets a file have another turn. Until then, also after its own has ended, it gets none. */
  release(file: string): void {
    const hasChanged = this.#busy.get(file)?.hasChanged ?? false;
    this.#busy.delete(file);
    if (hasChanged && !this.#isEnded) this.add(file);
  }

  /** Resolves when no file has a turn, or is to have one now; at once when ended. */
  async idle(): Promise<void> {
    if (this.#isIdle()) return;
    await new Promise<void>((resolve) => this.#waitsForIdle.push(resolve));
  }

  #isIdle(): boolean {
    return this.#isEnded || (this.#running === 0 && this.#fresh.size === 0 && this.#retries.size === 0);
  }

  /** Ends: nothing begins any more. */
  end(): void {
    this.#isEnded = true;
    this.#waiting.forEach((timer) => clearTimeout(timer));
    for (const resolve of [...this.#waitsForRoom.splice(0), ...this.#waitsForIdle.splice(0)]) resolve();
  }

  #pump(): void {
    while (!this.#isEnded && this.#running < this.#places) {
      const turn = this.#pick();
      if (!turn) return;
      void this.#run(turn);
    }
  }

  #pick(): Turn | null {
    const mayRetry = this.#retries.size > 0 && this.#runningRetries < Math.max(1, Math.floor(this.#places / 2));
    const isRetry = mayRetry && (this.#fresh.size === 0 || !this.#wasRetry);
    const [turn] = (isRetry ? this.#retries : this.#fresh).values();
    if (!turn) return null;
    this.#wasRetry = isRetry;
    (isRetry ? this.#retries : this.#fresh).delete(turn.file);
    if (this.#fresh.size < mostFresh) for (const resolve of this.#waitsForRoom.splice(0)) resolve();
    return turn;
  }

  async #run(turn: Turn): Promise<void> {
    const isRetry = turn.attempt > 0;
    this.#busy.set(turn.file, { hasChanged: false });
    this.#running += 1;
    this.#runningRetries += isRetry ? 1 : 0;
    await this.#begin(turn);
    this.#running -= 1;
    this.#runningRetries -= isRetry ? 1 : 0;
    this.#pump();
    if (this.#isIdle()) for (const resolve of this.#waitsForIdle.splice(0)) resolve();
  }
}
