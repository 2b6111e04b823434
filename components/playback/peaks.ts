/**
 * Peaks as stored: one unsigned byte (largest absolute sample, 255 = full scale) per bucket and channel, channels
 * interleaved, in base64.
 */
export type StoredWaveform = { bucketMs: number; channels: number; peaks: string };

/** Peaks for drawing: one array for each channel, all of the same length. */
export type Peaks = { bucketMs: number; lanes: Uint8Array[] };

/** Splits stored peaks into channels; drops an incomplete last bucket. Null if there is no usable data. */
export function decodePeaks(waveform: StoredWaveform | null): Peaks | null {
  if (!waveform || !(waveform.bucketMs > 0) || !(waveform.channels >= 1)) return null;
  const bytes = decodeBase64(waveform.peaks);
  const { channels } = waveform;
  const buckets = Math.floor((bytes?.length ?? 0) / channels);
  if (!bytes || buckets === 0) return null;
  const lanes = Array.from({ length: channels }, (_, channel) =>
    Uint8Array.from({ length: buckets }, (_: unknown, bucket: number) => bytes[bucket * channels + channel] ?? 0),
  );
  return { bucketMs: waveform.bucketMs, lanes };
}

/** Peaks that begin later, with silence before them. */
export function delayPeaks({ bucketMs, lanes }: Peaks, byMs: number): Peaks {
  const silent = Math.round(byMs / bucketMs);
  const delayed = lanes.map((lane) => {
    const whole = new Uint8Array(silent + lane.length);
    whole.set(lane, silent);
    return whole;
  });
  return { bucketMs, lanes: delayed };
}

/** The peaks of the two sides of a call as two channels, from the longer bucket of the two. Null if one is unknown. */
export function joinPeaks(agent: Peaks | null, customer: Peaks | null): Peaks | null {
  if (!agent || !customer) return null;
  const bucketMs = Math.max(agent.bucketMs, customer.bucketMs);
  const endOf = ({ lanes, bucketMs: ms }: Peaks) => (lanes[0]?.length ?? 0) * ms;
  const buckets = Math.ceil(Math.max(endOf(agent), endOf(customer)) / bucketMs);
  const lanes = [agent, customer].map(({ lanes: [lane], bucketMs: ms }) =>
    Uint8Array.from({ length: buckets }, (_: unknown, bucket: number) => {
      const from = Math.floor((bucket * bucketMs) / ms);
      return Math.max(
        0,
        ...(lane?.subarray(from, Math.max(from + 1, Math.floor(((bucket + 1) * bucketMs) / ms))) ?? []),
      );
    }),
  );
  return { bucketMs, lanes };
}

/**
 * Reduces a channel to `bars` heights between 0 and 1, each halfway between the loudest and the average bucket of its
 * time span: short sounds stay visible on a narrow screen, and long calls do not become a solid block.
 */
export function poolLane(lane: Uint8Array, bucketMs: number, durationMs: number, bars: number): Float32Array {
  return Float32Array.from({ length: bars }, (_: unknown, bar: number) => {
    const from = Math.floor(((bar / bars) * durationMs) / bucketMs);
    const to = Math.max(from + 1, Math.ceil((((bar + 1) / bars) * durationMs) / bucketMs));
    const stretch = lane.subarray(from, to);
    if (stretch.length === 0) return 0;
    return (Math.max(...stretch) + stretch.reduce((sum, peak) => sum + peak, 0) / stretch.length) / 2 / 255;
  });
}

/**
 * Returns the factor that enlarges the drawing of a quiet call: the loudest bar nearly fills its height, but the factor
 * is at most four, so that noise stays small.
 */
export function drawingGain(lanes: readonly Uint8Array[]): number {
  let loudest = 1;
  for (const lane of lanes) for (const peak of lane) if (peak > loudest) loudest = peak;
  return Math.min(4, 245 / loudest);
}

function decodeBase64(text: string): Uint8Array | null {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}
