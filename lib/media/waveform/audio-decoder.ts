/** Decoded sound: one array of samples (-1 to 1) per channel, all of the same length. */
export interface DecodedSound {
  channelData: readonly Float32Array[];
  sampleRate: number;
}

/** A decoder that is fed a file piece by piece and gives back what each piece completed. */
export interface AudioDecoder {
  /**
   * The largest piece to feed at once, in bytes. It bounds the memory that one piece of a hostile file can claim
   * when it unfolds: a page of Opus of 537 bytes can hold half a minute of sound.
   */
  readonly feedBytes: number;
  decode(bytes: Uint8Array): Promise<DecodedSound> | DecodedSound;
  /** What was still waiting for a continuation when the file ended. */
  flush(): Promise<DecodedSound> | DecodedSound;
}

/** More channels than any telephone recorder writes; a file claiming 255 of them is after our memory. */
export const MAXIMUM_CHANNELS = 8;

export const noSound: DecodedSound = { channelData: [], sampleRate: 0 };
