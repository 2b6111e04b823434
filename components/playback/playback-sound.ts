import { applyRate, canSetVolume } from "@/components/playback/audio-source";
import { type ChannelMixer, createChannelMixer } from "@/components/playback/channel-mixer";
import type { PlaybackSnapshot } from "@/components/playback/playback-snapshot";

/** Speed, volume and channel volumes of the recording. They survive a change of link. */
export class PlaybackSound {
  #audio: HTMLAudioElement | null = null;
  #mixer: ChannelMixer | null = null;

  private readonly snapshot: () => PlaybackSnapshot;
  private readonly change: (part: Partial<PlaybackSnapshot>) => void;

  constructor(snapshot: () => PlaybackSnapshot, change: (part: Partial<PlaybackSnapshot>) => void) {
    this.snapshot = snapshot;
    this.change = change;
  }

  attach(audio: HTMLAudioElement): void {
    this.#audio = audio;
    this.change({ volumeSettable: canSetVolume(audio) });
  }

  release(): void {
    this.#mixer?.close();
    this.#mixer = null;
    this.#audio = null;
  }

  /** True if the audio goes through Web Audio; a source without CORS would then be silent. */
  get isMixing(): boolean {
    return this.#mixer !== null;
  }

  /** Resumes Web Audio, which a browser may suspend; called at each play. */
  wake(): void {
    this.#mixer?.resume();
  }

  /** Sets the rate again, because a new source starts at normal speed. */
  restoreRate(): void {
    if (this.#audio) applyRate(this.#audio, this.snapshot().rate);
  }

  setRate = (rate: number): void => {
    if (this.#audio) applyRate(this.#audio, rate);
    this.change({ rate });
  };

  setVolume = (volume: number): void => {
    if (this.#audio) Object.assign(this.#audio, { volume, muted: false });
    this.change({ volume, muted: false });
  };

  setMuted = (muted: boolean): void => {
    if (this.#audio) this.#audio.muted = muted;
    this.change({ muted });
  };

  setChannelVolume = (channel: 0 | 1, volume: number): void => {
    if (this.snapshot().mixing !== "possible" || !this.#audio) return;
    this.#mixer ??= createChannelMixer(this.#audio);
    if (!this.#mixer) return this.change({ mixing: "unsupported" });
    this.#mixer.resume();
    this.#mixer.setVolume(channel, volume);
    const [left, right] = this.snapshot().channelVolumes;
    this.change({ channelVolumes: channel === 0 ? [volume, right] : [left, volume] });
  };
}
