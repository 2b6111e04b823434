import type { AcceptedAudioType } from "../../core/accepted-audio-types.ts";
import type { RefusedForm } from "../../core/refused-forms.ts";
import type { AudioFile } from "../audio-file.ts";
import { hasText } from "../byte-view.ts";
import type { SniffedAudio } from "../sniffed-audio.ts";
import { listBoxes, type Box } from "./mp4-boxes.ts";
import { readSampleEntry, type SampleEntry } from "./mp4-sample-entry.ts";

/** Brands of files that hold sound alone. */
const SOUND_BRANDS = ["M4A ", "M4B ", "M4P ", "F4A "];

const PICTURE_BRANDS = ["heic", "heix", "mif1", "msf1", "avif", "avis"];

/**
 * Kinds of tracks that may lie beside the sound: hints for streaming servers, texts, descriptions of MPEG-4 systems.
 */
const SILENT_KINDS = ["meta", "hint", "text", "sbtl", "subt", "clcp", "tmcd", "odsm", "sdsm"];

/** The path from the file to the two boxes that tell what a track is. */
const PATH = ["moov", "trak", "mdia", "minf", "stbl"];

const SAMPLE_ENTRY_BYTES = 1024;

type Track = { kind: string; entry: SampleEntry | null };

/**
 * Audio in an ISO base media file (MP4, 3GP, QuickTime with a brand): at least one track of sound and none of pictures.
 * The index may lie behind the sound. Without any index, only a brand of sound alone is accepted: a recorder was
 * killed.
 */
export async function readMp4(file: AudioFile): Promise<SniffedAudio | RefusedForm> {
  if (PICTURE_BRANDS.some((brand) => hasText(file.head, 8, brand))) return "image";
  const found = await findTracks(file);
  const container = { contentType: typeOfBrand(file.head), channels: null, sampleRate: null };
  if (!found.hasIndex && (found.isOutOfReach || isOfSound(file.head))) return { ...container, codec: "other" };
  if (found.tracks.some(({ kind }) => kind === "vide")) return "video";
  const sound = found.tracks.find(({ kind }) => kind === "soun");
  if (!sound) return "no_sound_track";
  if (found.tracks.some(({ kind }) => kind !== "soun" && !SILENT_KINDS.includes(kind))) return "several_tracks";
  if (sound.entry?.isEncrypted) return "encrypted";
  const { codec = "other", channels = null, sampleRate = null } = sound.entry ?? {};
  return { ...container, codec, channels, sampleRate };
}

const isOfSound = (head: Uint8Array) => SOUND_BRANDS.some((brand) => hasText(head, 8, brand));

function typeOfBrand(head: Uint8Array): AcceptedAudioType {
  if (hasText(head, 8, "3g2")) return "audio/3gpp2";
  return hasText(head, 8, "3g") ? "audio/3gpp" : "audio/mp4";
}

/** Visits only the boxes on the path; a file of other boxes without end is left after a bounded number. */
async function findTracks(file: AudioFile) {
  const tracks: Track[] = [];
  let [hasIndex, end] = [false, 0];
  const visit = async (boxes: AsyncIterable<Box>, depth: number) => {
    for await (const box of boxes) {
      if (depth === 0) end = box.end;
      if (box.name === "hdlr" && depth === 3) tracks.push({ kind: await kindOf(file, box), entry: null });
      if (box.name === "stsd" && depth === 5) {
        const track = tracks.at(-1);
        if (track) track.entry ??= readSampleEntry(await file.bytes(box.start + 8, SAMPLE_ENTRY_BYTES));
      }
      if (box.name !== PATH[depth]) continue;
      hasIndex = true;
      await visit(listBoxes(file, box.start, box.end), depth + 1);
      if (depth === 0) return;
    }
  };
  await visit(listBoxes(file, 0, Infinity), 0);
  return { tracks, hasIndex, isOutOfReach: !hasIndex && !file.reaches(end) };
}

async function kindOf(file: AudioFile, { start }: Box): Promise<string> {
  return String.fromCharCode(...(await file.bytes(start + 8, 4)));
}
