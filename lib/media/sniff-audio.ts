// Relative imports with extensions: plain Node runs the decoding worker and cannot resolve "@/".

import { isTwoChannelWav, readRawAudioType, twoChannelWav } from "../core/raw-audio-type.ts";
import type { RefusedForm } from "../core/refused-forms.ts";
import { AudioFile, SNIFF_HEAD_BYTES, type AudioSource } from "./audio-file.ts";
import { hasText } from "./byte-view.ts";
import { readAmr } from "./containers/amr.ts";
import { readAu } from "./containers/au.ts";
import { readMp4 } from "./containers/mp4.ts";
import { readOgg, readStreamInfo } from "./containers/ogg.ts";
import { readWav } from "./containers/wav.ts";
import { readWebm } from "./containers/webm.ts";
import { foreignForm } from "./foreign-form.ts";
import { findFirstAdtsFrame, findFirstMpegFrame, readId3Tag } from "./mp3-frame.ts";
import { checkRawAudio } from "./raw-audio.ts";
import { canHaveHead } from "./waveform/wav-head.ts";
import type { SniffedAudio } from "./sniffed-audio.ts";

export { SNIFF_HEAD_BYTES, type AudioSource } from "./audio-file.ts";

/** Taggers that do not find the first tag write another before it. */
const MAXIMUM_TAGS = 8;

/**
 * Detects the audio format from the bytes alone, never from a name. Only sound without a header needs a declared type;
 * it never lets in a file that has a signature of something else. Reads at most 20 more pieces of the file.
 * @returns the name of what it is instead if it is not accepted.
 * @throws what `source.read` throws.
 */
export async function sniffAudio(source: AudioSource, declared = ""): Promise<SniffedAudio | RefusedForm> {
  const file = new AudioFile(source);
  const found =
    withDeclaredChannels(await readContainer(file), declared) ?? foreignForm(file.head) ?? (await readFrames(file, 0));
  if (found !== null) return found;
  const raw = readRawAudioType(declared);
  return raw && !("problem" in raw) ? checkRawAudio(file, raw) : "unknown";
}

/** Where the header of a WAV says one channel and its sender knows that there are two, the sender is right. */
function withDeclaredChannels(found: SniffedAudio | RefusedForm | null, declared: string) {
  if (found === null || typeof found === "string" || found.contentType !== "audio/wav") return found;
  const isWrong = found.channels === 1 && canHaveHead(found.codec) && isTwoChannelWav(declared);
  return isWrong ? { ...found, channels: 2, declaredType: twoChannelWav } : found;
}

/** By a signature at the start; null if it has none. */
async function readContainer(file: AudioFile): Promise<SniffedAudio | RefusedForm | null> {
  const { head } = file;
  if (["RIFF", "RF64", "BW64"].some((name) => hasText(head, 0, name))) return readWav(file);
  if (hasText(head, 0, "OggS")) return readOgg(head);
  if (hasText(head, 4, "ftyp")) return readMp4(file);
  if (hasText(head, 0, "\x1a\x45\xdf\xa3")) return readWebm(file);
  if (hasText(head, 0, ".snd")) return readAu(head);
  return readFlac(head) ?? readAmr(head) ?? (readId3Tag(head) ? readTagged(file) : null);
}

/** "fLaC" and a STREAMINFO block, which the format requires to be the first block and 34 bytes long. */
function readFlac(bytes: Uint8Array): SniffedAudio | null {
  if (!hasText(bytes, 0, "fLaC") || bytes.length < 42) return null;
  const isStreamInfo = (bytes[4]! & 0x7f) === 0 && bytes[5] === 0 && bytes[6] === 0 && bytes[7] === 34;
  return isStreamInfo ? { contentType: "audio/flac", codec: "flac", ...readStreamInfo(bytes, 0) } : null;
}

/** Sound behind ID3 tags. Null if they are no tags after all. */
async function readTagged(file: AudioFile): Promise<SniffedAudio | RefusedForm | null> {
  let [offset, hasFrames] = [0, false];
  for (let count = 0; count < MAXIMUM_TAGS; count++) {
    const tag = readId3Tag(await file.bytes(offset, 14));
    if (!tag) break;
    offset += tag.size;
    hasFrames ||= tag.hasFrames;
  }
  // A tag with a large picture can fill the whole head; if no more can be read, the tag itself is the evidence.
  if (hasFrames && !file.reaches(offset)) return { ...MP3, channels: null, sampleRate: null };
  const found = readFlac(await file.bytes(offset, 42)) ?? (await readFrames(file, offset));
  return found ?? (hasFrames ? "unknown" : null);
}

const MP3 = { contentType: "audio/mpeg", codec: "mp3" } as const;

/** MPEG frames (Layer II, III) or AAC frames from the offset on, whichever comes first. */
async function readFrames(file: AudioFile, offset: number): Promise<SniffedAudio | null> {
  const bytes = await file.bytes(offset, SNIFF_HEAD_BYTES);
  const isWhole = offset + bytes.length === file.sizeBytes;
  const mpeg = findFirstMpegFrame(bytes, 0, isWhole);
  const adts = findFirstAdtsFrame(bytes, 0, isWhole);
  if (adts && (!mpeg || adts.offset < mpeg.offset))
    return { contentType: "audio/aac", codec: "aac", channels: adts.channels, sampleRate: adts.sampleRate };
  if (!mpeg) return null;
  const { layer, channels, sampleRate } = mpeg;
  return { contentType: "audio/mpeg", codec: layer === 3 ? "mp3" : "mp2", channels, sampleRate };
}
