import { createHash } from "node:crypto";
import {
  EditedSound,
  readWavStart,
  wavHead,
  type SoundEdit,
  type SoundForm,
} from "@/lib/media/derived-audio/edited-sound";
import { runConfined } from "@/lib/media/transcoder/run-confined";
import { transcodingCommand, transcodingLimits, type Sandbox } from "@/lib/media/transcoder/sandbox-command";
import { SealedSpool } from "@/lib/media/transcoder/sealed-spool";
import {
  agree,
  measurePackets,
  type TranscodingFailure,
  type TranscodingSource,
} from "@/lib/media/transcoder/transcode";

export type DerivedFailure = TranscodingFailure | "no_such_channel";

export type DerivedAudio = {
  kind: "ready";
  sizeBytes: number;
  sha256: string;
  durationMs: number;
  read: () => AsyncGenerator<Uint8Array>;
  close: () => Promise<void>;
};

type Options = { signal: AbortSignal; limits?: typeof transcodingLimits };

/** Room in front of the sound for what ffmpeg writes there. */
const mostHeadBytes = 4096;

/**
 * Decodes a recording in the sandbox and makes a WAV of it without what the edit leaves out. Its duration must agree
 * with what the portal decoded, or with the packets that are there, as for playable copies.
 * @returns with `ready` a file that the caller must close.
 * @throws what `read` of the source throws.
 */
export async function deriveAudio(
  sandbox: Sandbox,
  source: TranscodingSource,
  edit: SoundEdit,
  { signal, limits = transcodingLimits }: Options,
): Promise<DerivedAudio | { kind: "failed"; reason: DerivedFailure }> {
  if (source.format.isSeekable && source.sizeBytes > limits.seekableBytes) return failed("too_large");
  const measured = source.durationMs
    ? { end: "done" as const, durationMs: source.durationMs }
    : await measurePackets(sandbox, source, { signal, limits });
  if (measured.end !== "done") return failed(measured.end);
  if (!measured.durationMs) return failed("no_sound");
  const spool = await SealedSpool.open();
  let isKept = false;
  try {
    const sound = new SoundOfWav(spool, edit);
    const command = transcodingCommand(sandbox, { ...source.format, channels: 2, output: "wav" }, limits);
    const { end } = await runConfined(command, {
      ...{ signal, wallMs: limits.wallMs, outputBytes: limits.outputBytes, input: source.read() },
      onOutput: (piece) => sound.write(piece),
    });
    if (sound.lacksChannel) return failed("no_such_channel");
    if (end !== "done") return failed(end);
    const { durationMs, form } = sound;
    if (!form || durationMs === 0) return failed("no_sound");
    if (!source.format.isOnePacket && !agree(durationMs, measured.durationMs)) return failed("duration_differs");
    isKept = true;
    return { kind: "ready", durationMs, ...(await fileOf(spool, form)) };
  } finally {
    if (!isKept) await spool.close();
  }
}

const failed = (reason: DerivedFailure) => ({ kind: "failed" as const, reason });

/** Takes the sound out of a WAV that arrives in pieces, edits it and keeps it. */
class SoundOfWav {
  #start: Buffer | null = Buffer.alloc(0);
  #edited: EditedSound | null = null;
  form: SoundForm | null = null;
  lacksChannel = false;

  private readonly spool: SealedSpool;
  private readonly soundEdit: SoundEdit;

  constructor(spool: SealedSpool, soundEdit: SoundEdit) {
    this.spool = spool;
    this.soundEdit = soundEdit;
  }

  get durationMs(): number {
    return this.#edited?.durationMs ?? 0;
  }

  async write(piece: Buffer): Promise<void> {
    const sound = this.#start ? this.#readStart(Buffer.concat([this.#start, piece])) : piece;
    if (sound && sound.length > 0 && this.#edited) await this.spool.write(this.#edited.edit(sound));
  }

  /** The sound behind the head, once the head is whole. */
  #readStart(start: Buffer): Buffer | null {
    const read = readWavStart(start);
    this.#start = read || start.length > mostHeadBytes ? null : start;
    if (!read) return null;
    this.form = { channels: read.channels, sampleRate: read.sampleRate };
    const { keptChannel } = this.soundEdit;
    // Of one channel alone nothing could be silent but the person.
    this.lacksChannel = keptChannel !== null && (read.channels < 2 || keptChannel >= read.channels);
    if (!this.lacksChannel) this.#edited = new EditedSound(this.form, this.soundEdit);
    return start.subarray(read.soundAt);
  }
}

/** The whole file, which the head precedes, with its hash. */
async function fileOf(spool: SealedSpool, form: SoundForm) {
  const head = wavHead(form, spool.sizeBytes);
  async function* read(): AsyncGenerator<Uint8Array> {
    yield head;
    yield* spool.read();
  }
  const hash = createHash("sha256");
  for await (const piece of read()) hash.update(piece);
  return { sizeBytes: head.length + spool.sizeBytes, sha256: hash.digest("hex"), read, close: () => spool.close() };
}
