import { initialSnapshot, type PlaybackSnapshot } from "@/components/playback/playback-snapshot";

/** A playback state with listeners; `subscribe` and `current` fit `useSyncExternalStore`. */
export class ObservedSnapshot {
  #snapshot: PlaybackSnapshot;
  readonly #listeners = new Set<() => void>();

  constructor(durationMs: number) {
    this.#snapshot = initialSnapshot(durationMs);
  }

  current = (): PlaybackSnapshot => this.#snapshot;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  change = (part: Partial<PlaybackSnapshot>): void => {
    this.#snapshot = { ...this.#snapshot, ...part };
    for (const listener of this.#listeners) listener();
  };
}
