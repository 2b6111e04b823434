import { listen } from "@/components/playback/audio-source";
import type { TimeRange } from "@/components/playback/time-range";

/** How sound was played: at which speed, in a hidden tab or not, and which of its channels were off. */
export type Listening = { rate: number; isHidden: boolean; muted: "none" | "left" | "right" | "all" };
export type HeardPart = TimeRange & Listening;

/** Time updates come four times a second; a step longer than this much more than the time that passed is a seek. */
const SLACK_MS = 500;
/** Shorter parts are no sound that anyone hears. */
const SHORTEST_MS = 100;

type Open = HeardPart & { atMs: number };

/** Measures which parts of the sound an `<audio>` element plays, from one of its events to the next. */
export class HeardMeter {
  #open: Open | null = null;
  #parts: HeardPart[] = [];
  readonly #muted: () => Listening["muted"];
  #audio: HTMLAudioElement | null = null;

  /** @param muted which channels are off now */
  constructor(muted: () => Listening["muted"]) {
    this.#muted = muted;
  }

  /** Measures an element until the returned function is called. */
  attach(audio: HTMLAudioElement): () => void {
    this.#audio = audio;
    const measure = () => this.#measure(audio);
    const end = () => this.#end(audio);
    const stop = listen(audio, {
      ...{ playing: measure, timeupdate: measure, ratechange: measure, volumechange: measure },
      ...{ pause: end, ended: end, waiting: end },
      // The position is already that after the seek, or of another source.
      ...{ seeking: () => this.#close(), emptied: () => this.#close() },
    });
    document.addEventListener("visibilitychange", measure);
    return () => {
      stop();
      document.removeEventListener("visibilitychange", measure);
      this.#close();
      this.#audio = null;
    };
  }

  /** What was played since the last call. */
  take(): HeardPart[] {
    if (this.#audio) this.#measure(this.#audio);
    this.#close();
    if (this.#audio) this.#measure(this.#audio);
    return this.#parts.splice(0);
  }

  #measure(audio: HTMLAudioElement): void {
    if (audio.seeking || audio.ended) return this.#close();
    const open = this.#extended(audio);
    if (audio.paused) return this.#close();
    const now = this.#listening(audio);
    if (open && open.rate === now.rate && open.isHidden === now.isHidden && open.muted === now.muted) return;
    this.#close();
    const startMs = audio.currentTime * 1000;
    this.#open = { ...now, startMs, endMs: startMs, atMs: performance.now() };
  }

  #end(audio: HTMLAudioElement): void {
    if (!audio.seeking) this.#extended(audio);
    this.#close();
  }

  /** Lengthens the open part to where the element is, unless it jumped there. */
  #extended(audio: HTMLAudioElement): Open | null {
    const open = this.#open;
    if (!open) return null;
    const [positionMs, atMs] = [audio.currentTime * 1000, performance.now()];
    const stepMs = positionMs - open.endMs;
    if (stepMs < 0 || stepMs > (atMs - open.atMs) * open.rate + SLACK_MS) {
      this.#close();
      return null;
    }
    return Object.assign(open, { endMs: positionMs, atMs });
  }

  #close(): void {
    const open = this.#open;
    this.#open = null;
    if (!open || open.endMs - open.startMs < SHORTEST_MS) return;
    const { atMs: _, ...part } = open;
    this.#parts.push({ ...part, startMs: Math.round(open.startMs), endMs: Math.round(open.endMs) });
  }

  #listening({ playbackRate, defaultPlaybackRate }: HTMLAudioElement): Listening {
    // Sides that keep in step differ a little from the speed that the listener chose.
    const rate = Math.round((playbackRate || defaultPlaybackRate) * 4) / 4;
    return { rate, isHidden: document.visibilityState === "hidden", muted: this.#muted() };
  }
}
