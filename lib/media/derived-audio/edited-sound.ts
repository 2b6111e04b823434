/** What is left out of a recording. `keptChannel`: all others are silent; null: all stay. Parts are half-open. */
export type SoundEdit = { keptChannel: number | null; silences: readonly { fromMs: number; toMs: number }[] };

/** Sound as ffmpeg decodes it: 16-bit samples, one of each channel in a frame. */
export type SoundForm = { channels: number; sampleRate: number };

const sampleBytes = 2;

/** Silences parts and channels of decoded sound, to the sample. It stays as long as it was. */
export class EditedSound {
  #position = 0;
  readonly #frameBytes: number;
  readonly #silent: readonly { start: number; end: number }[];

  private readonly form: SoundForm;
  private readonly keptChannel: number | null;

  constructor(form: SoundForm, { keptChannel, silences }: SoundEdit) {
    this.form = form;
    this.keptChannel = keptChannel;
    this.#frameBytes = form.channels * sampleBytes;
    // A sample that a part touches is silent.
    this.#silent = silences.map(({ fromMs, toMs }) => ({
      start: Math.floor((fromMs * form.sampleRate) / 1000) * this.#frameBytes,
      end: Math.ceil((toMs * form.sampleRate) / 1000) * this.#frameBytes,
    }));
  }

  get durationMs(): number {
    return Math.round((this.#position / this.#frameBytes / this.form.sampleRate) * 1000);
  }

  /** The next piece of the sound, changed in place. A piece may end within a frame. */
  edit(piece: Buffer): Buffer {
    const from = this.#position;
    this.#position += piece.length;
    for (const { start, end } of this.#silent)
      if (start < this.#position && end > from)
        piece.fill(0, Math.max(0, start - from), Math.min(piece.length, end - from));
    if (this.keptChannel !== null) this.#silenceOthers(piece, from, this.keptChannel);
    return piece;
  }

  #silenceOthers(piece: Buffer, from: number, kept: number): void {
    const [first, last] = [kept * sampleBytes, (kept + 1) * sampleBytes];
    let place = from % this.#frameBytes;
    for (let at = 0; at < piece.length; at += 1) {
      if (place < first || place >= last) piece[at] = 0;
      place += 1;
      if (place === this.#frameBytes) place = 0;
    }
  }
}

/** Where the sound begins in a WAV, and its form; null while the beginning is too short to say. */
export function readWavStart(start: Buffer): (SoundForm & { soundAt: number }) | null {
  let form: SoundForm | null = null;
  for (let at = 12; at + 8 <= start.length;) {
    const [name, size] = [start.toString("latin1", at, at + 4), start.readUInt32LE(at + 4)];
    if (name === "data") return form && { ...form, soundAt: at + 8 };
    if (name === "fmt " && at + 24 <= start.length)
      form = { channels: start.readUInt16LE(at + 10), sampleRate: start.readUInt32LE(at + 12) };
    at += 8 + size + (size % 2);
  }
  return null;
}

/** The head of a WAV with so many bytes of sound: from a pipe ffmpeg cannot know them. */
export function wavHead({ channels, sampleRate }: SoundForm, soundBytes: number): Buffer {
  const head = Buffer.alloc(44);
  head.write("RIFF", 0, "latin1");
  head.writeUInt32LE(36 + soundBytes, 4);
  head.write("WAVEfmt ", 8, "latin1");
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(channels, 22);
  head.writeUInt32LE(sampleRate, 24);
  head.writeUInt32LE(sampleRate * channels * sampleBytes, 28);
  head.writeUInt16LE(channels * sampleBytes, 32);
  head.writeUInt16LE(sampleBytes * 8, 34);
  head.write("data", 36, "latin1");
  head.writeUInt32LE(soundBytes, 40);
  return head;
}
