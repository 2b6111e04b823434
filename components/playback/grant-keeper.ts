import { type GrantAnswer, type GrantEvent, type GrantState, reduceGrant } from "@/components/playback/grant-machine";

/**
 * Carries out the decisions of the grant machine: requests links and waits between attempts. Ignores late responses.
 */
export class GrantKeeper {
  #state: GrantState = { step: "none" };
  #timer: ReturnType<typeof setTimeout> | undefined;
  #question = 0;

  private readonly request: () => Promise<GrantAnswer>;
  private readonly changed: (state: GrantState, entered: boolean) => void;

  constructor(request: () => Promise<GrantAnswer>, changed: (state: GrantState, entered: boolean) => void) {
    this.request = request;
    this.changed = changed;
  }

  get state(): GrantState {
    return this.#state;
  }

  send(event: GrantEvent): void {
    const next = reduceGrant(this.#state, event);
    if (next === this.#state) return;
    const entered = next.step !== this.#state.step;
    this.#state = next;
    if (entered) this.#enter(next);
    this.changed(next, entered);
  }

  #enter(state: GrantState): void {
    clearTimeout(this.#timer);
    const question = ++this.#question;
    if (state.step === "requesting") void this.#ask(question);
    if (state.step === "waiting") this.#timer = setTimeout(() => this.send({ type: "wait_over" }), state.delayMs);
  }

  async #ask(question: number): Promise<void> {
    const event = await this.request().then(answerEvent, (): GrantEvent => ({ type: "request_failed" }));
    if (question === this.#question) this.send(event);
  }
}

function answerEvent(answer: GrantAnswer): GrantEvent {
  return "error" in answer
    ? { type: "refused", code: answer.error }
    : { type: "received", grant: answer, atMs: Date.now() };
}
