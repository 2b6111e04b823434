import type { SniffedAudio } from "../sniffed-audio.ts";
import type { AudioDecoder } from "./audio-decoder.ts";
import { WavDecoder } from "./wav-decoder.ts";

/** The decoder for a sniffed format, or null if this product has none. Loads libraries on demand. */
export async function openDecoder({ codec }: SniffedAudio, head: Uint8Array): Promise<AudioDecoder | null> {
  switch (codec) {
    case "pcm":
    case "pcm_float":
    case "alaw":
    case "mulaw":
      return new WavDecoder();
    case "mp3":
      return (await import("./mp3-decoder.ts")).Mp3Decoder.open(head);
    case "opus":
    case "vorbis":
    case "flac":
      return (await import("./packet-decoder.ts")).openPacketDecoder(codec, head);
    default:
      return null;
  }
}
