import { HeardMeter, type HeardPart, type Listening } from "@/components/playback/heard-meter";

export type PlayFailure = "undecodable" | "playback_failed";

/** What the player tells of one grant: parts, numbered from `from` on. */
export type HeardReport = { from: number; parts: HeardPart[]; failure?: PlayFailure };

/**
 * Sends a report. Resolves to true once it need not be repeated.
 * @param isLast the listener paused, left, or the sound ended
 */
export type ReportHeard = (grantId: string, report: HeardReport, isLast: boolean) => Promise<boolean>;

/** While sound plays. A browser that is killed loses at most this much. */
const EVERY_MS = 30_000;
/** So many parts the portal takes at once. */
const MOST_PARTS = 100;

type Told = { from: number; parts: HeardPart[]; failure?: PlayFailure };

/** Reports to the portal what an `<audio>` element played, under the grant by which it was sent. */
export class HeardReporter {
  readonly #meter: HeardMeter;
  readonly #untold = new Map<string, Told>();
  #grantId: string | null = null;
  #report: ReportHeard | undefined;

  constructor(muted: () => Listening["muted"]) {
    this.#meter = new HeardMeter(muted);
  }

  reportWith(report: ReportHeard | undefined): void {
    this.#report = report;
  }

  /** Works until the returned function is called, which reports the rest. */
  attach(audio: HTMLAudioElement): () => void {
    const stop = this.#meter.attach(audio);
    const tell = () => this.tell(true);
    const hidden = () => document.visibilityState === "hidden" && this.tell(false);
    const timer = setInterval(() => this.tell(false), EVERY_MS);
    audio.addEventListener("pause", tell);
    audio.addEventListener("ended", tell);
    window.addEventListener("pagehide", tell);
    document.addEventListener("visibilitychange", hidden);
    return () => {
      clearInterval(timer);
      audio.removeEventListener("pause", tell);
      audio.removeEventListener("ended", tell);
      window.removeEventListener("pagehide", tell);
      document.removeEventListener("visibilitychange", hidden);
      this.tell(false);
      stop();
    };
  }

  /** From now on the element plays under this grant. */
  begin(grantId: string): void {
    if (grantId === this.#grantId) return;
    this.tell(false);
    this.#grantId = grantId;
    this.#untold.set(grantId, { from: 0, parts: [] });
  }

  /** The player gives up. */
  failed(failure: PlayFailure): void {
    const told = this.#grantId === null ? undefined : this.#untold.get(this.#grantId);
    if (told) told.failure = failure;
    this.tell(true);
  }

  /** Sends what the portal does not know. What is lost on the way is sent again the next time. */
  tell(isLast: boolean): void {
    const played = this.#meter.take();
    if (this.#grantId !== null) this.#untold.get(this.#grantId)?.parts.push(...played);
    for (const [grantId, told] of this.#untold) void this.#send(grantId, told, isLast);
  }

  async #send(grantId: string, told: Told, isLast: boolean): Promise<void> {
    const { from, failure } = told;
    const parts = told.parts.slice(0, MOST_PARTS);
    if ((parts.length === 0 && !failure) || !this.#report) return;
    const isKnown = await this.#report(grantId, { from, parts, ...(failure && { failure }) }, isLast).catch(
      () => false,
    );
    // Another report may have told the same.
    const known = from + parts.length - told.from;
    if (!isKnown || known < 0) return;
    told.parts.splice(0, known);
    told.from = from + parts.length;
    if (told.failure === failure) delete told.failure;
    if (grantId !== this.#grantId && told.parts.length === 0) this.#untold.delete(grantId);
  }
}
