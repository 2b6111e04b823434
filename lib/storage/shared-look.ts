/**
 * A look at something that many ask for at once. Each gets one that began after they asked, so what it shows is not older than their
 * question; those who ask while one is under way share the next.
 */
export class SharedLook {
  #running: Promise<void> | null = null;
  #next: Promise<void> | null = null;
  readonly #look: () => Promise<void>;

  constructor(look: () => Promise<void>) {
    this.#look = look;
  }

  see(): Promise<void> {
    if (this.#running === null) return this.#begin();
    return (this.#next ??= this.#running.catch(() => undefined).then(() => this.#begin()));
  }

  #begin(): Promise<void> {
    this.#next = null;
    const running = this.#look().finally(() => {
      if (this.#running === running) this.#running = null;
    });
    this.#running = running;
    return running;
  }
}
