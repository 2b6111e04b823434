import { AsyncLocalStorage } from "node:async_hooks";
import type { ObjectStore } from "@/lib/storage/object-store";
import { StoreError } from "@/lib/storage/store-error";
import { randomFrom } from "./fault-schedule";
import { simulatedDelay } from "./wait-until";

/**
 * Faults of a store. "lies": reports a deletion and keeps the object. "half": does the work and reports a failure.
 * "forgets": cannot be trusted. "killed-before", "killed-after": the process dies before or after the store's work.
 */
export const storeFaults = [
  "fails",
  "throttles",
  "slow",
  "lies",
  "half",
  "forgets",
  "breaks",
  "killed-before",
  "killed-after",
] as const;
export type StoreFault = (typeof storeFaults)[number];

const living = new AsyncLocalStorage<MortalProcess>();
const never = <Result>() => new Promise<Result>(() => undefined);

/** An error that no adapter throws. */
export class BrokenStore extends Error {}

/**
 * One run of a job as a process that may be killed during a store call. As after SIGKILL, everything committed stays
 * and nothing follows: its store calls never return.
 */
export class MortalProcess {
  #die!: () => void;
  #isDead = false;
  readonly #death = new Promise<"killed">((resolve) => (this.#die = () => resolve("killed")));
  readonly #asked = new Map<string, number>();

  private readonly seed: number;
  private readonly shares: { faults: number; deaths: number };
  private readonly happened: Map<StoreFault, number>;

  constructor(
    seed: number,
    /** Shares of all calls. */
    shares: { faults: number; deaths: number },
    happened: Map<StoreFault, number>,
  ) {
    this.seed = seed;
    this.shares = shares;
    this.happened = happened;
  }

  /** Returns the result of the work, or that the process was killed. */
  live<Result>(work: () => Promise<Result>): Promise<Result | "killed"> {
    return Promise.race([living.run(this, work), this.#death]);
  }

  async meet<Result>(call: string, work: () => Promise<Result>, lie: (() => Result) | null): Promise<Result> {
    if (this.#isDead) return never();
    const fault = this.#faultOf(call, lie !== null);
    if (fault) this.happened.set(fault, (this.happened.get(fault) ?? 0) + 1);
    if (fault === "killed-before") return this.#kill();
    const result = await suffer(fault, work, lie);
    return this.#isDead || fault === "killed-after" ? this.#kill() : result;
  }

  #kill<Result>(): Promise<Result> {
    this.#isDead = true;
    this.#die();
    return never();
  }

  /**
   * The fault of this call, independent of the order of other recordings' calls, but for the first fault of each
   * kind and for the end that it dies at.
   */
  #faultOf(call: string, canLie: boolean): StoreFault | null {
    const count = (this.#asked.get(call) ?? 0) + 1;
    this.#asked.set(call, count);
    const random = randomFrom(
      [...`${this.seed} ${call} ${count}`].reduce(
        (hash, letter) => Math.imul(hash ^ letter.charCodeAt(0), 16_777_619),
        2_166_136_261,
      ),
    );
    random();
    const [dies, fails, which] = [random(), random(), random()];
    if (dies < this.shares.deaths) return this.#rarerDeath();
    // A job begins with a list, which most jobs survive.
    if (fails >= this.shares.faults / (call.includes(" list ") ? 5 : 1)) return null;
    const kinds = storeFaults.filter((fault) => (canLie || fault !== "lies") && !fault.startsWith("killed"));
    // On a slow machine few calls fail: a kind that has not happened yet comes first.
    return kinds.find((kind) => !this.happened.has(kind)) ?? kinds[Math.floor(which * kinds.length)]!;
  }

  /** Few processes die in a short run: in turns, so that both ends of a call are tried. */
  #rarerDeath(): StoreFault {
    const count = (fault: StoreFault) => this.happened.get(fault) ?? 0;
    return count("killed-before") < count("killed-after") ? "killed-before" : "killed-after";
  }
}

async function suffer<Result>(
  fault: StoreFault | null,
  work: () => Promise<Result>,
  lie: (() => Result) | null,
): Promise<Result> {
  if (fault === "fails") throw new StoreError("unavailable", "the store is away");
  if (fault === "throttles") throw new StoreError("throttled", "the store wants less");
  if (fault === "forgets") throw new StoreError("integrity", "the store cannot be believed");
  if (fault === "breaks") throw new BrokenStore("what no adapter throws");
  if (fault === "lies") return lie!();
  if (fault === "slow") await simulatedDelay(3);
  const result = await work();
  if (fault === "half") throw new StoreError("timed_out", "done, and nobody hears of it");
  return result;
}

/**
 * Adds the faults to a store, for calls inside a `MortalProcess`. `nameOf` returns the same name of a key in every
 * replay.
 */
export function makeMortal(store: ObjectStore, nameOf: (key: string) => string): void {
  const around = <Args extends unknown[], Result>(
    verb: string,
    call: (...args: Args) => Promise<Result>,
    keyOf: (...args: Args) => string,
    lie: (() => Result) | null = null,
  ) => {
    return (...args: Args): Promise<Result> => {
      const work = () => call.apply(store, args);
      const process = living.getStore();
      return process ? process.meet(`${store.name} ${verb} ${nameOf(keyOf(...args))}`, work, lie) : work();
    };
  };
  const key = (name: string) => name;
  const none = { deleteMarkersDeleted: 0, unfinishedUploadsAborted: 0 };
  Object.assign(store, {
    deleteAllVersions: around("delete", store.deleteAllVersions, key, () => ({ versionsDeleted: 1, ...none })),
    proveAbsence: around("look for", store.proveAbsence, key),
    put: around("put", store.put, key),
    head: around("head", store.head, key),
    readRange: around("read", store.readRange, key),
    list: around("list", store.list, ({ prefix }) => prefix),
  });
}
