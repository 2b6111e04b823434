/** Sets the volume of each channel of a stereo call. */
export type ChannelMixer = {
  setVolume: (channel: 0 | 1, volume: number) => void;
  resume: () => void;
  close: () => void;
};

/**
 * Sends each channel of a stereo element through its own gain node. It cannot be undone, and an audio context that
 * starts without a user gesture is silent, so call it when the listener first changes a channel. Returns null without
 * Web Audio.
 */
export function createChannelMixer(audio: HTMLAudioElement): ChannelMixer | null {
  if (typeof AudioContext === "undefined") return null;
  const context = new AudioContext();
  const source = context.createMediaElementSource(audio);
  const splitter = context.createChannelSplitter(2);
  const merger = context.createChannelMerger(2);
  source.connect(splitter);
  const gains = [0, 1].map((channel) => {
    const gain = context.createGain();
    splitter.connect(gain, channel);
    gain.connect(merger, 0, channel);
    return gain;
  });
  merger.connect(context.destination);
  return {
    // A short ramp: a sudden change of volume clicks.
    setVolume: (channel, volume) => gains[channel]?.gain.setTargetAtTime(volume, context.currentTime, 0.015),
    resume: () => void context.resume(),
    close: () => void context.close(),
  };
}
