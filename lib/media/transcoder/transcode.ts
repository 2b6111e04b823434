import { runConfined, type ConfinedEnd } from "@/lib/media/transcoder/run-confined";
import {
  transcodingCommand,
  transcodingLimits,
  type Sandbox,
  type TranscodingWork,
} from "@/lib/media/transcoder/sandbox-command";
import { SealedSpool } from "@/lib/media/transcoder/sealed-spool";

/** A recording as the store gives it. Opened twice: to measure, and to decode. */
export type TranscodingSource = {
  format: Pick<TranscodingWork, "input" | "isSeekable">;
  /** Null is treated as two. */
  channels: number | null;
  sizeBytes: number;
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
 * of the sound that was decoded must agree with that of the packets that are there.
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
  const measured = await runConfined(command("measure"), { ...bounds, input: source.read() });
  if (measured.end !== "done") return failed(measured.end);
  const expectedMs = readProgressMs(measured.progress);
  if (!expectedMs) return failed("no_sound");

  const spool = await SealedSpool.open();
  let isKept = false;
  try {
    const onOutput = (piece: Buffer) => spool.write(piece);
    const made = await runConfined(command("opus"), { ...bounds, input: source.read(), onOutput });
    if (made.end !== "done") return failed(made.end);
    const durationMs = readProgressMs(made.progress) ?? 0;
    if (Math.abs(durationMs - expectedMs) > Math.max(toleranceMs, expectedMs * toleranceShare))
      return failed("duration_differs");
    isKept = true;
    return { kind: "ready", spool, sha256: spool.finish(), sizeBytes: spool.sizeBytes, durationMs };
  } finally {
    if (!isKept) await spool.close();
  }
}

const failed = (reason: TranscodingFailure): Transcoded => ({ kind: "failed", reason });

/** The time that ffmpeg's last report states; null without one. */
function readProgressMs(progress: string): number | null {
  const last = [...progress.matchAll(/^out_time_us=(\d+)$/gm)].at(-1);
  return last ? Math.round(Number(last[1]) / 1000) : null;
}
