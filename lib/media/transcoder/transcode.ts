import { runConfined, type ConfinedEnd } from "@/lib/media/transcoder/run-confined";
import {
  transcodingCommand,
  transcodingLimits,
  type InputFormat,
  type Sandbox,
  type TranscodingWork,
} from "@/lib/media/transcoder/sandbox-command";
import { SealedSpool } from "@/lib/media/transcoder/sealed-spool";

/** A recording as the store gives it. Opened twice, to measure and to decode, unless its duration is known. */
export type TranscodingSource = {
  format: InputFormat;
  /** Null is treated as two. */
  channels: number | null;
  sizeBytes: number;
  /** Of the sound, if the portal decoded it; else the packets are counted. */
  durationMs?: number | null;
  read: () => AsyncIterable<Uint8Array>;
};

/** Why no copy was made. */
export type TranscodingFailure = Exclude<ConfinedEnd, "done"> | "no_sound" | "duration_differs" | "too_large";

export type Transcoded =
  | { kind: "ready"; spool: SealedSpool; sha256: string; sizeBytes: number; durationMs: number }
  | { kind: "failed"; reason: TranscodingFailure };

/** Opus begins with silence, and its packets have 20 ms. */
const toleranceMs = 250;
const toleranceShare = 0.005;

/**
 * Makes an Ogg Opus copy of a recording. ffmpeg's exit code says little (cut and empty files give 0), so the duration
 * of the sound that was decoded must agree with what the portal decoded, or with the packets that are there. Where all
 * sound is one packet, each error ends the work instead.
 * @returns with `ready` a spool that the caller must close.
 * @throws what `read` throws.
 */
export async function transcode(
  sandbox: Sandbox,
  source: TranscodingSource,
  { signal, limits = transcodingLimits }: { signal: AbortSignal; limits?: typeof transcodingLimits },
): Promise<Transcoded> {
  if (source.format.isSeekable && source.sizeBytes > limits.seekableBytes) return failed("too_large");
  const channels = source.channels === 1 ? 1 : 2;
  const command = (output: TranscodingWork["output"]) =>
    transcodingCommand(sandbox, { ...source.format, channels, output }, limits);
  const bounds = { signal, wallMs: limits.wallMs, outputBytes: limits.outputBytes };
  const measured = source.durationMs
    ? { end: "done" as const, durationMs: source.durationMs }
    : await measurePackets(sandbox, source, { signal, limits });
  if (measured.end !== "done") return failed(measured.end);
  if (!measured.durationMs) return failed("no_sound");
  const isExpected = (durationMs: number) =>
    source.format.isOnePacket ? durationMs > 0 : agree(durationMs, measured.durationMs!);

  const spool = await SealedSpool.open();
  let isKept = false;
  try {
    const onOutput = (piece: Buffer) => spool.write(piece);
    const made = await runConfined(command("opus"), { ...bounds, input: source.read(), onOutput });
    if (made.end !== "done") return failed(made.end);
    const durationMs = readProgressMs(made.progress) ?? 0;
    if (!isExpected(durationMs)) return failed("duration_differs");
    isKept = true;
    return { kind: "ready", spool, sha256: spool.finish(), sizeBytes: spool.sizeBytes, durationMs };
  } finally {
    if (!isKept) await spool.close();
  }
}

/** The duration of the packets that are there, without decoding them; null if there are none. */
export async function measurePackets(
  sandbox: Sandbox,
  source: TranscodingSource,
  { signal, limits = transcodingLimits }: { signal: AbortSignal; limits?: typeof transcodingLimits },
): Promise<{ end: ConfinedEnd; durationMs: number | null }> {
  const command = transcodingCommand(sandbox, { ...source.format, channels: 1, output: "measure" }, limits);
  const bounds = { signal, wallMs: limits.wallMs, outputBytes: limits.outputBytes };
  const { end, progress } = await runConfined(command, { ...bounds, input: source.read() });
  return { end, durationMs: readProgressMs(progress) };
}

/** Whether decoded sound is as long as it should be. */
export const agree = (durationMs: number, expectedMs: number): boolean =>
  Math.abs(durationMs - expectedMs) <= Math.max(toleranceMs, expectedMs * toleranceShare);

const failed = (reason: TranscodingFailure): Transcoded => ({ kind: "failed", reason });

/** The time that ffmpeg's last report states; null without one. */
function readProgressMs(progress: string): number | null {
  const last = [...progress.matchAll(/^out_time_us=(\d+)$/gm)].at(-1);
  return last ? Math.round(Number(last[1]) / 1000) : null;
}
