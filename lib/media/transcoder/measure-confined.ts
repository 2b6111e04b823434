import { computeWaveform, type WaveformResult } from "@/lib/media/compute-waveform";
import { runConfined, type ConfinedEnd } from "@/lib/media/transcoder/run-confined";
import { transcodingCommand, transcodingLimits, type Sandbox } from "@/lib/media/transcoder/sandbox-command";
import { measurePackets, agree, type TranscodingSource } from "@/lib/media/transcoder/transcode";
import { unavailableWaveform } from "@/lib/media/waveform/waveform-result";

/** Sound that the sandbox decodes is not kept: it may be much larger than a copy. */
const decodedBytes = 64 * 1024 ** 3;

/**
 * Measures duration and peaks of a recording that the portal does not decode itself, with ffmpeg as the decoder.
 * @returns null if `signal` ended it. `unavailable` also if what was decoded is shorter than the packets.
 * @throws what `read` throws.
 */
export async function measureConfined(
  sandbox: Sandbox,
  source: TranscodingSource,
  signal: AbortSignal,
): Promise<WaveformResult | null> {
  if (source.format.isSeekable && source.sizeBytes > transcodingLimits.seekableBytes)
    return unavailableWaveform("too_long");
  const packets = await measurePackets(sandbox, source, { signal });
  if (packets.end === "aborted") return null;
  if (!packets.durationMs) return unavailableWaveform("decode_error");
  const ended: { end: ConfinedEnd } = { end: "aborted" };
  const waveform = await computeWaveform({
    sizeBytes: decodedBytes,
    read: () => decode(sandbox, source, signal, ended),
  });
  if (signal.aborted) return null;
  const isExpected = source.format.isOnePacket || agree(waveform.durationMs ?? 0, packets.durationMs);
  const isWhole = ended.end === "done" && isExpected;
  if (waveform.kind !== "ready" || !isWhole) return unavailableWaveform("decode_error");
  // These are of the decoded sound, not of the recording.
  return { ...waveform, byteOffsets: null, playbackHead: null, skippedBytes: 0, isJoined: false };
}

/** The sound as a WAV. ffmpeg waits while nobody reads, and ends with its reader. */
async function* decode(
  sandbox: Sandbox,
  source: TranscodingSource,
  signal: AbortSignal,
  ended: { end: ConfinedEnd },
): AsyncGenerator<Uint8Array> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  const leaving = new AbortController();
  const run = runConfined(transcodingCommand(sandbox, { ...source.format, channels: 1, output: "wav" }), {
    input: source.read(),
    onOutput: (piece) => writer.write(piece),
    outputBytes: decodedBytes,
    wallMs: transcodingLimits.wallMs,
    signal: AbortSignal.any([signal, leaving.signal]),
  }).then(
    ({ end }) => {
      ended.end = end;
      return writer.close();
    },
    (error: unknown) => writer.abort(error),
  );
  run.catch(() => undefined);
  try {
    yield* readable;
  } finally {
    leaving.abort();
    await run.catch(() => undefined);
  }
}
