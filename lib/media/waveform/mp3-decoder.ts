import { MPEGDecoder } from "mpg123-decoder";
import { readId3Tag, findFirstMp3Frame } from "../mp3-frame.ts";
import type { AudioDecoder, DecodedSound } from "./audio-decoder.ts";
import { joinBytes } from "../byte-view.ts";
import { Mp3Frames } from "./mp3-frames.ts";
import { mp4HeadOfMp3 } from "./mp4-head.ts";
import { WaveformUnavailable } from "./waveform-result.ts";

const FIRST_FRAME_WITHIN_BYTES = 64 * 1024;

/**
 * Decodes MP3 with mpg123. The library always returns two channels, so the first frame is parsed for the real number.
 */
export class Mp3Decoder implements AudioDecoder {
  readonly feedBytes = 16 * 1024;
  private readonly decoder: MPEGDecoder;
  private readonly frames: Mp3Frames;
  private tagBytesLeft: number;
  private fileBytes = 0;
  private waiting: Uint8Array = new Uint8Array(0);
  private channels: 1 | 2 | null = null;

  private constructor(decoder: MPEGDecoder, tagBytes: number) {
    this.decoder = decoder;
    this.tagBytesLeft = tagBytes;
    this.frames = new Mp3Frames(tagBytes);
  }

  static async open(head: Uint8Array): Promise<Mp3Decoder> {
    const decoder = new MPEGDecoder();
    await decoder.ready;
    return new Mp3Decoder(decoder, readId3Tag(head)?.size ?? 0);
  }

  decode(bytes: Uint8Array): DecodedSound[] {
    const tagBytes = Math.min(this.tagBytesLeft, bytes.length);
    this.tagBytesLeft -= tagBytes;
    this.fileBytes += bytes.length;
    this.frames.add(bytes.subarray(tagBytes));
    return this.decodeAfterTag(bytes.subarray(tagBytes));
  }

  flush(): DecodedSound[] {
    this.frames.end();
    return [];
  }

  playbackHead(): Uint8Array | null {
    const { isUsable, isConstant, count } = this.frames;
    return isUsable && !isConstant && count > 0 ? mp4HeadOfMp3(this.frames, this.fileBytes) : null;
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
