import { joinBytes } from "../byte-view.ts";
import type { DecodedSound } from "./audio-decoder.ts";
import type { OggPage } from "./ogg-pages.ts";
import { OPUS_CLOCK, OPUS_RATE, OpusPackets, opusPacketSamples, readOpusHeader } from "./opus-packets.ts";

/** Pages that differ from their times by less than this are continuous. */
const TOLERANCE = OPUS_CLOCK / 50;

/** A longer silence than this comes from a damaged page. */
const LONGEST_SILENCE = 24 * 3600 * OPUS_CLOCK;

/** Decoded to one piece of sound: at most 6 s. */
const PACKETS_AT_ONCE = 50;

/**
 * Decodes one Opus stream of an Ogg file. Its times are those of the pages (RFC 7845, section 4), as in players: what
 * pages were lost, or came before the first, is silence, and the last page ends where it says.
 */
export class OpusStream {
  private readonly packets: OpusPackets;
  private partial: Uint8Array = new Uint8Array(0);
  private hasTags = false;
  private hasSound = false;
  /** Samples at 48 kHz so far, with the pre-skip. */
  private position = 0;

  private constructor(packets: OpusPackets) {
    this.packets = packets;
  }

  static async open(firstPage: OggPage): Promise<OpusStream> {
    return new OpusStream(await OpusPackets.open(readOpusHeader(firstPage.packets[0]!.bytes)));
  }

  *decode(page: OggPage): Generator<DecodedSound> {
    const packets = this.completePackets(page);
    if (packets.length === 0) return;
    const length = packets.reduce((sum, packet) => sum + opusPacketSamples(packet), 0);
    let silenceBefore = this.silenceBefore(page, length);
    // Only the last page may end before its packets do.
    const end = page.isLast && page.granule >= 0 ? page.granule : Infinity;
    for (let from = 0; from < packets.length; from += PACKETS_AT_ONCE) {
      const channelData = this.decodePackets(packets.slice(from, from + PACKETS_AT_ONCE), end);
      yield { channelData, sampleRate: OPUS_RATE, silenceBefore };
      silenceBefore = 0;
    }
    this.hasSound = true;
  }

  *flush(): Generator<DecodedSound> {}

  free(): void {
    this.packets.free();
  }

  private completePackets(page: OggPage): Uint8Array[] {
    if (!page.isContinued) this.partial = new Uint8Array(0);
    const complete: Uint8Array[] = [];
    for (const { bytes, isWhole } of page.packets) {
      const packet = joinBytes(this.partial, bytes);
      this.partial = isWhole ? new Uint8Array(0) : packet;
      if (!isWhole) continue;
      if (this.hasTags) complete.push(packet);
      this.hasTags = true;
    }
    return complete;
  }

  /** The samples at `OPUS_RATE` that the page comes later than its sound so far. */
  private silenceBefore(page: OggPage, length: number): number {
    if (page.granule < 0 || (page.isLast && !this.hasSound)) return 0;
    const silence = page.granule - length - this.position;
    if (silence < TOLERANCE || silence > LONGEST_SILENCE) return 0;
    this.position += silence;
    return Math.round((silence * OPUS_RATE) / OPUS_CLOCK);
  }

  private decodePackets(packets: Uint8Array[], end: number): Float32Array[] {
    const decoded = packets.map((packet) => {
      this.position += opusPacketSamples(packet);
      const excess = Math.max(0, Math.round(((this.position - end) * OPUS_RATE) / OPUS_CLOCK));
      return this.packets.decode(packet).map((samples) => samples.subarray(0, Math.max(0, samples.length - excess)));
    });
    const channels = decoded.find((sound) => sound.length > 0)?.length ?? 0;
    return Array.from({ length: channels }, (_, channel) => joinSamples(decoded.map((sound) => sound[channel])));
  }
}

function joinSamples(parts: (Float32Array | undefined)[]): Float32Array {
  const joined = new Float32Array(parts.reduce((sum, part) => sum + (part?.length ?? 0), 0));
  let offset = 0;
  for (const part of parts) {
    if (!part) continue;
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}
