/** Sets how loud each side of a stereo call is. */
export type ChannelMixer = {
  setVolume: (channel: 0 | 1, volume: number) => void;
  resume: () => void;
  close: () => void;
};

/**
 * Routes a stereo element through one gain a channel. Can be done once for an element and not undone, and an audio
 * context started before a gesture stays silent: so only when the listener first moves a channel. Null where the
 * browser has no Web Audio.
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
    // A short ramp: a jump in volume is heard as a click.
    setVolume: (channel, volume) => gains[channel]?.gain.setTargetAtTime(volume, context.currentTime, 0.015),
    resume: () => void context.resume(),
    close: () => void context.close(),
  };
}
