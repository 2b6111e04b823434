import { CustomSource, EncodedPacketSink, Input, MP4, QTFF, type InputAudioTrack } from "mediabunny";
import type { DecodedSound } from "./audio-decoder.ts";
import { OPUS_RATE, OpusPackets, readOpusHeader } from "./opus-packets.ts";
import { PositionedReader, type SeekableFile } from "./positioned-reader.ts";
import { WaveformUnavailable } from "./waveform-result.ts";

/** Packets that begin later than the sound so far by more than this follow a silence. */
const TOLERANCE_SECONDS = 0.02;

const LONGEST_SILENCE_SECONDS = 24 * 3600;

/** The sound of an MP4 file, in whatever order its boxes are: index first, last, or in fragments. */
export interface Mp4Track {
  /** As players show it: with the edit list, without what the encoder added in front. Null if the file has no times. */
  durationMs: number | null;
  /** The decoded sound; null for a codec that is not decoded here. */
  sounds: AsyncIterable<DecodedSound> | null;
}

/** @throws WaveformUnavailable, or any error for a damaged file. */
export async function openMp4Track(file: SeekableFile): Promise<Mp4Track> {
  const reader = new PositionedReader(file);
  const source = new CustomSource({
    getSize: () => file.sizeBytes,
    read: (start, end) => reader.read(start, end),
    maxCacheSize: 4 * 1024 * 1024,
    prefetchProfile: "none",
  });
  const track = await new Input({ source, formats: [MP4, QTFF] }).getPrimaryAudioTrack();
  if (!track) throw new WaveformUnavailable("unsupported_codec");
  const seconds = await track.computeDuration();
  const durationMs = Number.isFinite(seconds) && seconds > 0 ? Math.round(seconds * 1000) : null;
  return { durationMs, sounds: track.codec === "opus" ? decodeOpus(track) : null };
}

async function* decodeOpus(track: InputAudioTrack): AsyncGenerator<DecodedSound> {
  const config = await track.getDecoderConfig();
  const description = config?.description;
  if (!(description instanceof Uint8Array)) throw new WaveformUnavailable("decode_error");
  const decoder = await OpusPackets.open(readOpusHeader(description));
  try {
    let soundEnd = 0;
    for await (const packet of new EncodedPacketSink(track).packets()) {
      const channelData = decoder.decode(packet.data);
      const length = channelData[0]?.length ?? 0;
      if (packet.timestamp < 0 || length === 0) continue;
      const silence = packet.timestamp - soundEnd;
      const isSilent = silence > TOLERANCE_SECONDS && silence < LONGEST_SILENCE_SECONDS;
      if (isSilent) soundEnd += silence;
      soundEnd += length / OPUS_RATE;
      yield { channelData, sampleRate: OPUS_RATE, silenceBefore: isSilent ? Math.round(silence * OPUS_RATE) : 0 };
    }
  } finally {
    decoder.free();
  }
}
