/** Coalesces concurrent checks: callers during a running check share the next one. No result is older than its call. */
export class CoalescedCheck {
  #running: Promise<void> | null = null;
  #next: Promise<void> | null = null;
  readonly #check: () => Promise<void>;

  constructor(check: () => Promise<void>) {
    this.#check = check;
  }

  run(): Promise<void> {
    if (this.#running === null) return this.#begin();
    return (this.#next ??= this.#running.catch(() => undefined).then(() => this.#begin()));
  }

  #begin(): Promise<void> {
    this.#next = null;
    const running = this.#check().finally(() => {
      if (this.#running === running) this.#running = null;
    });
    this.#running = running;
    return running;
  }
}
