import { MPEGDecoder } from "mpg123-decoder";
import { readId3Tag, findFirstMp3Frame } from "../mp3-frame.ts";
import type { AudioDecoder, DecodedSound } from "./audio-decoder.ts";
import { joinBytes } from "../byte-view.ts";
import { WaveformUnavailable } from "./waveform-result.ts";

const FIRST_FRAME_WITHIN_BYTES = 64 * 1024;

/**
 * Decodes MP3 with mpg123. The library always returns two channels, so the first frame is parsed for the real number.
 */
export class Mp3Decoder implements AudioDecoder {
  readonly feedBytes = 16 * 1024;
  private readonly decoder: MPEGDecoder;
  private tagBytesLeft: number;
  private waiting: Uint8Array = new Uint8Array(0);
  private channels: 1 | 2 | null = null;

  private constructor(decoder: MPEGDecoder, tagBytes: number) {
    this.decoder = decoder;
    this.tagBytesLeft = tagBytes;
  }

  static async open(head: Uint8Array): Promise<Mp3Decoder> {
    const decoder = new MPEGDecoder();
    await decoder.ready;
    return new Mp3Decoder(decoder, readId3Tag(head)?.size ?? 0);
  }

  decode(bytes: Uint8Array): DecodedSound[] {
    const tagBytes = Math.min(this.tagBytesLeft, bytes.length);
    this.tagBytesLeft -= tagBytes;
    return this.decodeAfterTag(bytes.subarray(tagBytes));
  }

  flush(): DecodedSound[] {
    return [];
  }

  private decodeAfterTag(bytes: Uint8Array): DecodedSound[] {
    if (this.channels !== null) return this.decodeFrames(bytes);
    this.waiting = joinBytes(this.waiting, bytes);
    this.channels = findFirstMp3Frame(this.waiting, 0)?.channels ?? null;
    if (this.channels !== null) return this.decodeFrames(this.waiting);
    if (this.waiting.length > FIRST_FRAME_WITHIN_BYTES) throw new WaveformUnavailable("decode_error");
    return [];
  }

  private decodeFrames(bytes: Uint8Array): DecodedSound[] {
    const { channelData, sampleRate } = this.decoder.decode(bytes);
    return [{ channelData: channelData.slice(0, this.channels!), sampleRate }];
  }
}
