import { applyRate, canSetVolume } from "@/components/playback/audio-source";
import { type ChannelMixer, createChannelMixer } from "@/components/playback/channel-mixer";
import type { PlaybackSnapshot } from "@/components/playback/playback-snapshot";

/** Speed, volume and channel volumes of the recording. They survive a change of link. */
export class PlaybackSound {
  #audio: HTMLAudioElement | null = null;
  #mixer: ChannelMixer | null = null;
  /** The recording of the other side of the call, and the channel that this one stands for. */
  #otherSide: { sound: PlaybackSound; channel: 0 | 1 } | null = null;
  #gain = 1;
  #waits = false;

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

  /** Which channels of this element are off, by whatever setting. */
  get muted(): "none" | "left" | "right" | "all" {
    if (!this.#audio || this.#audio.muted || this.#audio.volume === 0) return "all";
    const [left, right] = this.#mixer ? this.snapshot().channelVolumes : [1, 1];
    if (left === 0) return right === 0 ? "all" : "left";
    return right === 0 ? "right" : "none";
  }

  /** Resumes Web Audio, which a browser may suspend; called at each play. */
  wake(): void {
    this.#mixer?.resume();
  }

  /** Sets the rate again, because a new source starts at normal speed. */
  restoreRate(): void {
    if (!this.#audio) return;
    applyRate(this.#audio, this.snapshot().rate);
    if (this.#waits) this.#audio.playbackRate = 0;
  }

  /** Stops the sound, and no more: the listener neither paused nor changed the speed. */
  wait(waits: boolean): void {
    if (this.#waits === waits) return;
    this.#waits = waits;
    this.restoreRate();
  }

  /** From now on the volume of each channel is that of an element. `channel`: which one this is. */
  joinSide(sound: PlaybackSound, channel: 0 | 1): void {
    this.#otherSide = { sound, channel };
  }

  setRate = (rate: number): void => {
    this.change({ rate });
    this.restoreRate();
  };

  setVolume = (volume: number): void => {
    if (this.#audio) Object.assign(this.#audio, { volume: volume * this.#gain, muted: false });
    this.change({ volume, muted: false });
  };

  setMuted = (muted: boolean): void => {
    if (this.#audio) this.#audio.muted = muted;
    this.change({ muted });
  };

  setChannelVolume = (channel: 0 | 1, volume: number): void => {
    if (this.#otherSide) {
      (channel === this.#otherSide.channel ? this : this.#otherSide.sound).#setGain(volume);
    } else {
      if (this.snapshot().mixing !== "possible" || !this.#audio) return;
      this.#mixer ??= createChannelMixer(this.#audio);
      if (!this.#mixer) return this.change({ mixing: "unsupported" });
      this.#mixer.resume();
      this.#mixer.setVolume(channel, volume);
    }
    const [left, right] = this.snapshot().channelVolumes;
    this.change({ channelVolumes: channel === 0 ? [volume, right] : [left, volume] });
  };

  #setGain(gain: number): void {
    this.#gain = gain;
    if (this.#audio) this.#audio.volume = this.snapshot().volume * gain;
  }
}
