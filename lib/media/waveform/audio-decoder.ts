/** Decoded sound: one array of samples (-1 to 1) per channel, all of the same length. */
export interface DecodedSound {
  channelData: readonly Float32Array[];
  sampleRate: number;
  /** The number of the stream, in a file of several streams; only a new one may have another rate or more channels. */
  stream?: number;
}

/** A decoder that takes a file piece by piece and returns the sound that each piece completes. */
export interface AudioDecoder {
  /**
   * The largest piece to decode at once, in bytes. Limits the memory that one piece of a hostile file can claim when
   * decoded: an Opus page of 537 bytes can hold half a minute of sound.
   */
  readonly feedBytes: number;
  decode(bytes: Uint8Array): Promise<DecodedSound[]> | DecodedSound[];
  /** Returns the sound that was still incomplete at the end of the file. */
  flush(): Promise<DecodedSound[]> | DecodedSound[];
}

/** More channels than any telephone recorder writes. A file that claims 255 is an attack on memory. */
export const MAXIMUM_CHANNELS = 8;
