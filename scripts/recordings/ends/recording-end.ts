import { hasText, viewOf } from "@/lib/media/byte-view";
import { mp4End } from "@/scripts/recordings/ends/mp4-end";
import { oggEnd } from "@/scripts/recordings/ends/ogg-end";
import { withSource, type RecordingEnd, type Source } from "@/scripts/recordings/ends/open-source";
import { wavEnd } from "@/scripts/recordings/ends/wav-end";

const headBytes = 4096;

/** Reads from a file's content whether its recording has ended. `sizeBytes` is its size when it was checked. */
export function recordingEnd(file: string, sizeBytes: number): Promise<RecordingEnd> {
  return withSource(file, sizeBytes, endOf);
}

async function endOf(source: Source): Promise<RecordingEnd> {
  const head = await source.readAt(0, headBytes);
  if (hasText(head, 0, "RIFF") || hasText(head, 0, "RF64")) return wavEnd(head, source.sizeBytes);
  if (hasText(head, 0, "OggS")) return oggEnd(source);
  if (hasText(head, 4, "ftyp")) return mp4End(source);
  if (hasText(head, 0, "fLaC")) return flacEnd(head);
  if (hasText(head, 0, ".snd")) return auEnd(head, source.sizeBytes);
  return "unknown";
}

/** An encoder writes the number of samples, 36 bits of STREAMINFO, when it ends. */
function flacEnd(head: Buffer): RecordingEnd {
  if (head.length < 42) return "unfinished";
  const samples = (head[21]! & 0x0f) * 2 ** 32 + head.readUInt32BE(22);
  return samples > 0 ? "ended" : "unknown";
}

function auEnd(head: Buffer, sizeBytes: number): RecordingEnd {
  if (head.length < 24) return "unfinished";
  const [start, sound] = [viewOf(head).getUint32(4), viewOf(head).getUint32(8)];
  if (sound === 0 || sound === 0xffffffff) return "unknown";
  return start + sound === sizeBytes ? "ended" : "unfinished";
}
