import type { RefusedForm } from "../../core/refused-forms.ts";
import type { AudioFile } from "../audio-file.ts";
import { hasText, viewOf } from "../byte-view.ts";
import type { SniffedAudio, WavExtent } from "../sniffed-audio.ts";
import { readWavFormat, type WavFormat } from "../wav-format.ts";

/** A 32-bit size that lies in the `ds64` chunk, or is not known. */
const UNKNOWN = 0xffffffff;

/** What recorders and streaming encoders write while the size is not known. */
const PLACEHOLDERS: ReadonlySet<number> = new Set([0x7fffffff, UNKNOWN, 2_000_000_000]);

/** SoX, ffmpeg and others subtract their header from the placeholder. */
const PLACEHOLDERS_FROM = 0x7fff0000;

const MAXIMUM_CHUNKS = 64;
const MAXIMUM_FORMAT_BYTES = 4096;

/** Audio in a RIFF, RF64 or BW64 container of type WAVE. Anything else in RIFF is refused. */
export async function readWav(file: AudioFile): Promise<SniffedAudio | RefusedForm> {
  if (!hasText(file.head, 8, "WAVE")) return hasText(file.head, 8, "AVI ") ? "video" : "riff";
  const form = hasText(file.head, 0, "RIFF") ? "RIFF" : "RF64";
  let [format, long]: [WavFormat | null, number | null] = [null, null];
  for (let [offset, chunk] = [12, 0]; chunk < MAXIMUM_CHUNKS; chunk++) {
    const header = await file.bytes(offset, 24);
    if (header.length < 8) break;
    const size = viewOf(header).getUint32(4, true);
    if (hasText(header, 0, "ds64") && header.length === 24) long = Number(viewOf(header).getBigUint64(16, true));
    if (hasText(header, 0, "fmt "))
      format = readWavFormat(await file.bytes(offset + 8, Math.min(size, MAXIMUM_FORMAT_BYTES)));
    if (hasText(header, 0, "data"))
      return format ? { ...describe(format), wav: extentOf(file, form, offset + 8, size, long) } : "no_format";
    offset += 8 + size + (size % 2);
  }
  return format ? describe(format) : "no_format";
}

function describe({ codec, channels, sampleRate }: WavFormat): SniffedAudio {
  return { contentType: "audio/wav", codec, channels, sampleRate };
}

function extentOf(
  { sizeBytes }: AudioFile,
  form: WavExtent["form"],
  dataOffset: number,
  size: number,
  long: number | null,
): WavExtent {
  const stated = size === UNKNOWN && long !== null ? long : size;
  const realBytes = sizeBytes === null ? null : Math.max(0, sizeBytes - dataOffset);
  return { form, dataOffset, statedBytes: isOpen(stated, realBytes) ? null : stated, realBytes };
}

/** Whether the stated size is none: a placeholder, or, as Janus writes it, larger by the header than the file. */
function isOpen(stated: number, real: number | null): boolean {
  if (stated === real) return false;
  if (stated === 0 || PLACEHOLDERS.has(stated)) return true;
  return real !== null && stated > real && (stated >= PLACEHOLDERS_FROM || stated === real + 44);
}
