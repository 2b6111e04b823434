import {
  callPortal,
  refusalOf,
  UploadError,
  type BatchItem,
  type PortalClient,
} from "@/scripts/recordings/portal-client";

const mostItems = 100;

/**
 * The portal may have to read the files of a completion back from the store before it answers: a batch is no longer
 * than what a store delivers in a few seconds.
 */
const mostBytes = 256 * 1024 ** 2;

/** A batch that is not full begins this long after the one before: each request costs as much as some of its items. */
const gatherMs = 500;

type Waiting = {
  item: object;
  /** What the portal may have to read for this item. */
  bytes: number;
  signal: AbortSignal | undefined;
  resolve: (answer: unknown) => void;
  reject: (error: unknown) => void;
};

type Answers = { results: BatchItem[] };

/**
 * Requests of several files in one. The first is sent at once; the items of the next wait while one batch is under way,
 * and a moment after it, unless no file is left that could join. So few files wait for nothing, and many make large
 * batches.
 */
class PortalBatch {
  readonly #client: PortalClient;
  readonly #path: string;
  readonly #name: string;
  readonly #isLast: () => boolean;
  readonly #waiting: Waiting[] = [];
  #isSending = false;
  #notBefore = 0;
  #endGathering: () => void = () => undefined;

  /**
   * @param name of the list of items in the request.
   * @param isLast whether no other file could still join.
   */
  constructor(client: PortalClient, path: string, name: string, isLast: () => boolean) {
    this.#client = client;
    this.#path = path;
    this.#name = name;
    this.#isLast = isLast;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Sends what waits at once if it waits for nobody. */
  wake(): void {
    if (this.#isFull() || this.#isLast()) this.#endGathering();
  }

  /**
   * The portal's answer to one item.
   * @param bytes what the portal may have to read for it.
   * @throws UploadError of the item, or of the whole batch.
   */
  ask<Answer>(item: object, { bytes = 0, signal }: { bytes?: number; signal?: AbortSignal } = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, bytes, signal, resolve: resolve as (answer: unknown) => void, reject });
      this.wake();
      if (!this.#isSending) void this.#sendAll();
    });
  }

  async #sendAll(): Promise<void> {
    this.#isSending = true;
    // Files that are ready at the same moment go together.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) {
      await this.#gather();
      this.#notBefore = performance.now() + gatherMs;
      await this.#send(this.#waiting.splice(0, this.#nextLength()));
    }
    this.#isSending = false;
  }

  async #gather(): Promise<void> {
    const waitMs = this.#notBefore - performance.now();
    if (waitMs <= 0 || this.#isFull() || this.#isLast()) return;
    await new Promise<void>((resolve) => {
      this.#endGathering = resolve;
      setTimeout(resolve, waitMs);
    });
  }

  #isFull(): boolean {
    const length = this.#nextLength();
    return length === mostItems || length < this.#waiting.length;
  }

  /** How many items the next batch has: at least one, whatever its size. */
  #nextLength(): number {
    let [length, bytes] = [0, 0];
    for (const next of this.#waiting) {
      bytes += next.bytes;
      if (length === mostItems || (length > 0 && bytes > mostBytes)) break;
      length += 1;
    }
    return length;
  }

  async #send(batch: readonly Waiting[]): Promise<void> {
    try {
      const body = { [this.#name]: batch.map(({ item }) => item) };
      const { results } = await callPortal<Answers>(this.#client, this.#path, body, batch[0]!.signal);
      for (const [index, { resolve, reject }] of batch.entries()) {
        const answer = results[index];
        if (!answer) reject(new UploadError("unreachable", 0));
        else if (answer.status < 300) resolve(answer.body);
        else reject(refusalOf(answer));
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}

/** The batches of one portal, and how many uploads are under way. */
class PortalBatches {
  readonly tickets: PortalBatch;
  readonly completions: PortalBatch;
  #underWay = 0;

  constructor(client: PortalClient) {
    const isLast = () => this.tickets.waiting + this.completions.waiting >= this.#underWay;
    this.tickets = new PortalBatch(client, "/api/recordings/batch", "recordings", isLast);
    this.completions = new PortalBatch(client, "/api/recordings/batch/complete", "uploads", isLast);
  }

  /** Does the work of one upload, which others may wait for. */
  async during<Result>(upload: () => Promise<Result>): Promise<Result> {
    this.#underWay += 1;
    try {
      return await upload();
    } finally {
      this.#underWay -= 1;
      this.tickets.wake();
      this.completions.wake();
    }
  }
}

const batches = new WeakMap<PortalClient, PortalBatches>();

/** The batches of one portal: all uploads with the same client share them. */
export function batchesOf(client: PortalClient): PortalBatches {
  const known = batches.get(client);
  if (known) return known;
  const created = new PortalBatches(client);
  batches.set(client, created);
  return created;
}
