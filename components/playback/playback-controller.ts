import { listen } from "@/components/playback/audio-source";
import type { PlaybackAccess, RequestGrant } from "@/components/playback/grant-machine";
import { HeardReporter, type ReportHeard } from "@/components/playback/heard-reporter";
import { ObservedSnapshot } from "@/components/playback/observed-snapshot";
import type { PlaybackSnapshot } from "@/components/playback/playback-snapshot";
import { PlaybackSound } from "@/components/playback/playback-sound";
import { PlaybackSource } from "@/components/playback/playback-source";
import { SilenceSkipper } from "@/components/playback/silence";
import { clampPosition } from "@/components/playback/slider-keys";
import { bufferedRanges, type TimeRange } from "@/components/playback/time-range";

/** What the interface controls: one recording, or both sides of a call. */
export type PlayerControls = Pick<
  PlaybackController,
  | ("play" | "pause" | "toggle" | "seekBy" | "seekTo" | "currentMs" | "setSkipSilence")
  | ("sound" | "grantAccess" | "subscribe" | "getSnapshot")
>;

/**
 * Controls one `<audio>` element: plays, pauses, seeks and skips silences, whichever link the audio comes from. Does
 * not depend on React; `subscribe` and `getSnapshot` fit `useSyncExternalStore`.
 */
export class PlaybackController {
  readonly #state: ObservedSnapshot;
  readonly #source: PlaybackSource;
  readonly #skipper: SilenceSkipper;
  readonly #heard = new HeardReporter(() => this.sound.muted);
  #audio: HTMLAudioElement | null = null;

  /** Speed, volume and channels. */
  readonly sound: PlaybackSound;

  constructor(durationMs: number, silences: readonly TimeRange[], requestGrant: RequestGrant) {
    this.#state = new ObservedSnapshot(durationMs);
    this.#source = new PlaybackSource(this.#state, requestGrant, this.#heard);
    this.#skipper = new SilenceSkipper(silences);
    this.sound = new PlaybackSound(this.#state.current, this.#state.change);
  }

  subscribe = (listener: () => void): (() => void) => this.#state.subscribe(listener);

  getSnapshot = (): PlaybackSnapshot => this.#snapshot;

  /** Controls an element until the returned function is called. */
  attach = (audio: HTMLAudioElement): (() => void) => {
    this.#audio = audio;
    this.#source.attach(audio);
    this.sound.attach(audio);
    // First: the listeners below move the position.
    const stopReporting = this.#heard.attach(audio);
    const stopListening = listen(audio, {
      loadedmetadata: () => this.#loaded(audio),
      timeupdate: () => this.#tick(audio),
      progress: () => this.#change({ buffered: bufferedRanges(audio.buffered) }),
      playing: () => this.#change({ activity: "playing" }),
      waiting: () => this.#snapshot.wanted && this.#change({ activity: "buffering" }),
      pause: () => this.#paused(audio),
      ended: () => this.#change({ activity: "ended", wanted: false, positionMs: this.#snapshot.durationMs }),
      error: () => this.#source.failed({ isMixing: this.sound.isMixing }),
    });
    return () => {
      stopReporting();
      stopListening();
      this.sound.release();
      this.#source.release(audio);
      this.#audio = null;
    };
  };

  /** Sets the function that requests links: a component has a new one at each render. */
  askWith = (requestGrant: RequestGrant): void => this.#source.askWith(requestGrant);

  /** Sets the function that reports what was played. */
  reportWith = (report: ReportHeard | undefined): void => this.#heard.reportWith(report);

  /** Sets purpose and reference for this visit. */
  grantAccess = (access: PlaybackAccess): void => this.#source.grantAccess(access);

  play = (): void => {
    // What this browser cannot decode stays so: another grant would be one for nothing.
    if (!this.#source.hasAccess || !this.#audio || this.#snapshot.failure === "undecodable") return;
    if (this.#snapshot.activity === "ended") this.#change({ positionMs: 0 });
    this.#change({ wanted: true, failure: null });
    this.sound.wake();
    const { isOpen } = this.#source;
    if (isOpen && !this.#source.isRestoring) return this.#start(this.#audio);
    if (!isOpen) this.#source.renew();
    this.#change({ activity: "loading" });
  };

  pause = (): void => {
    this.#change({ wanted: false });
    this.#audio?.pause();
    this.#source.stopRetrying();
    if (this.#snapshot.activity !== "ended") this.#change({ activity: "paused" });
  };

  toggle = (): void => (this.#snapshot.wanted ? this.pause() : this.play());

  seekBy = (milliseconds: number): void => this.seekTo(this.currentMs() + milliseconds);

  seekTo = (milliseconds: number): void => {
    this.#skipper.reset();
    this.#moveTo(clampPosition(milliseconds, this.#snapshot.durationMs));
    if (this.#snapshot.activity === "ended") this.#change({ activity: "paused" });
  };

  setSkipSilence = (skipSilence: boolean): void => this.#change({ skipSilence });

  /** Returns the exact position, for drawing between two time updates. */
  currentMs = (): number => this.#source.currentMs();

  #loaded(audio: HTMLAudioElement): void {
    this.#source.restore(audio);
    this.sound.restoreRate();
    if (this.#snapshot.wanted) this.#start(audio);
  }

  #start(audio: HTMLAudioElement): void {
    // A browser may refuse playback without a user gesture; the play button is then still there.
    audio.play().catch((error: unknown) => {
      if (error instanceof DOMException && error.name === "NotAllowedError") this.pause();
    });
  }

  #tick(audio: HTMLAudioElement): void {
    if (this.#source.isRestoring || this.#snapshot.activity === "ended") return;
    const positionMs = audio.currentTime * 1000;
    this.#source.advance(positionMs - this.#snapshot.positionMs);
    this.#change({ positionMs });
    const targetMs = this.#snapshot.skipSilence && !audio.paused ? this.#skipper.jumpFrom(positionMs) : null;
    if (targetMs !== null) this.#moveTo(targetMs);
  }

  #moveTo(positionMs: number): void {
    // First the element: listeners compare its position with that of another one.
    this.#source.seek(positionMs);
    this.#change({ positionMs });
  }

  #paused(audio: HTMLAudioElement): void {
    // The event of a pause may come after the next play.
    if (this.#source.isRestoring || audio.ended || !audio.paused) return;
    this.#change({ wanted: false, activity: "paused" });
  }

  get #snapshot(): PlaybackSnapshot {
    return this.#state.current();
  }

  #change(part: Partial<PlaybackSnapshot>): void {
    this.#state.change(part);
  }
}
