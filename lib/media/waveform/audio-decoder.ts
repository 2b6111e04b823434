/** Decoded sound: one array of samples (-1 to 1) per channel, all of the same length. */
export interface DecodedSound {
  channelData: readonly Float32Array[];
  sampleRate: number;
  /** The number of the stream, in a file of several streams; only a new one may have another rate or more channels. */
  stream?: number;
  /** Silence that players leave before this sound, in samples: pages of an Ogg that were lost, or its late start. */
  silenceBefore?: number;
}

/** Sound as a decoder returns it: at once, or as it becomes ready, so that little of it is in memory. */
export type DecodedSounds = Iterable<DecodedSound> | AsyncIterable<DecodedSound>;

/** A decoder that takes a file piece by piece and returns the sound that each piece completes. */
export interface AudioDecoder {
  /**
   * The largest piece to decode at once, in bytes. Limits the memory that one piece of a hostile file can claim when
   * decoded.
   */
  readonly feedBytes: number;
  decode(bytes: Uint8Array): DecodedSounds;
  /** Returns the sound that was still incomplete at the end of the file. */
  flush(): DecodedSounds;
  /**
   * After `flush`: the beginning of an MP4 file whose media data is the file as it is, if browsers need it to know the
   * times in the file; otherwise null.
   */
  playbackHead?(): Uint8Array | null;
  /** After `flush`: how many files, or streams of an Ogg, lie one behind the other; one if left out. */
  readonly streams?: number;
}

/** More channels than any telephone recorder writes. A file that claims 255 is an attack on memory. */
export const MAXIMUM_CHANNELS = 8;
