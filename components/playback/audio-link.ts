import { isForeign, loadSource } from "@/components/playback/audio-source";

/** After this much audio through one link, the link counts as working. */
const PROOF_MS = 2000;
/** A longer step between two time updates is a seek. */
const LONGEST_STEP_MS = 2000;

/** The link that an `<audio>` element plays: loads it, with or without CORS, and counts the audio played through it. */
export class AudioLink {
  #restoring = false;
  #corsRefused = false;
  #playedMs = 0;
  #isReload = false;

  /** True from a new link until the old position is restored: the element's times mean nothing then. */
  get isRestoring(): boolean {
    return this.#restoring;
  }

  /** True if the link was loaded without CORS, so that Web Audio cannot use it. */
  get isWithoutCors(): boolean {
    return this.#corsRefused;
  }

  load(audio: HTMLAudioElement, url: string): void {
    this.#isReload = false;
    this.#load(audio, url);
  }

  /** Loads a working link again, once until audio has played through it. False: that was done. */
  reload(audio: HTMLAudioElement, url: string): boolean {
    if (this.#isReload && this.#playedMs < PROOF_MS) return false;
    this.#load(audio, url);
    return (this.#isReload = true);
  }

  #load(audio: HTMLAudioElement, url: string): void {
    this.#restoring = true;
    this.#playedMs = 0;
    loadSource(audio, url, isForeign(url) && !this.#corsRefused);
  }

  /** Another link will replace this one. */
  leave(): void {
    this.#restoring = true;
  }

  /** The old position is restored. */
  restored(): void {
    this.#restoring = false;
  }

  /** Loads a link again without CORS, once. A store without CORS refuses the file; without Web Audio it still plays. */
  retryWithoutCors(audio: HTMLAudioElement, url: string): boolean {
    if (!this.#restoring || this.#corsRefused || !isForeign(url)) return false;
    this.#corsRefused = true;
    this.#load(audio, url);
    return true;
  }

  /** The link failed. If it never played, the next link is tried with CORS again. */
  failed(): void {
    this.#corsRefused = this.#corsRefused && !this.#restoring;
  }

  /** Counts the step between two time updates. Returns true once the link counts as working. */
  advance(stepMs: number): boolean {
    if (stepMs > 0 && stepMs < LONGEST_STEP_MS) this.#playedMs += stepMs;
    return this.#playedMs >= PROOF_MS;
  }
}
