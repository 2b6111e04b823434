import { canonicalAudioType } from "./accepted-audio-types.ts";
import type { AudioCodec } from "./audio-codecs.ts";

/** Sound without a header, as its declared type says it is. */
export type RawAudioType = {
  /** The declared type in one spelling: names in lower case, parameters in one order. */
  declaredType: string;
  /** Null if the type leaves the byte order open: the samples tell. */
  codec: AudioCodec | null;
  sampleRate: number;
  channels: number;
};

/** A parameter that is missing or that the type cannot have. */
export type RawAudioProblem = { problem: "rate" | "channels" | "endianness" };

const G711 = { "audio/basic": "mulaw", "audio/pcmu": "mulaw", "audio/pcma": "alaw" } as const;
const MAXIMUM_CHANNELS = 8;
const SAMPLE_RATES = [4_000, 192_000] as const;
const ENDIANNESS: Record<string, AudioCodec> = { "little-endian": "pcm_s16le", "big-endian": "pcm_s16be" };

/**
 * Reads a declared type of sound without a header, with the parameters of RFC 4855 and 4856: `audio/PCMU;rate=8000`,
 * `audio/L16;rate=16000;channels=1`. L16 is big-endian by its standard; many senders mean the opposite and may say
 * `endianness=little-endian`.
 * @returns null for any other type.
 */
export function readRawAudioType(declared: string): RawAudioType | RawAudioProblem | null {
  const type = canonicalAudioType(declared);
  const parameters = readParameters(declared);
  const channels = Number(parameters.get("channels") ?? 1);
  if (type === "audio/basic" || type === "audio/pcmu" || type === "audio/pcma") {
    if (Number(parameters.get("rate") ?? 8_000) !== 8_000) return { problem: "rate" };
    if (!isChannels(channels)) return { problem: "channels" };
    const name = type === "audio/basic" ? "audio/pcmu" : type;
    const declaredType = `${name};rate=8000${channels === 1 ? "" : `;channels=${channels}`}`;
    return { declaredType, codec: G711[type], sampleRate: 8_000, channels };
  }
  if (type === "audio/gsm" || type === "audio/g722") {
    const isGsm = type === "audio/gsm";
    // The clock of G.722 is 8000 by a mistake of RFC 1890 that RFC 3551 keeps; it has 16,000 samples a second.
    const rates = isGsm ? ["8000"] : ["8000", "16000"];
    if (!rates.includes(parameters.get("rate") ?? "8000")) return { problem: "rate" };
    if (channels !== 1) return { problem: "channels" };
    return { declaredType: type, codec: isGsm ? "gsm" : "g722", sampleRate: isGsm ? 8_000 : 16_000, channels };
  }
  return type === "audio/l16" ? readL16(parameters, channels) : null;
}

function readL16(parameters: ReadonlyMap<string, string>, channels: number): RawAudioType | RawAudioProblem {
  const [rate, endianness] = [parameters.get("rate") ?? "", parameters.get("endianness")];
  const sampleRate = /^\d{4,6}$/.test(rate) ? Number(rate) : 0;
  if (sampleRate < SAMPLE_RATES[0] || sampleRate > SAMPLE_RATES[1]) return { problem: "rate" };
  if (!isChannels(channels)) return { problem: "channels" };
  if (endianness !== undefined && !Object.hasOwn(ENDIANNESS, endianness)) return { problem: "endianness" };
  return l16Type(sampleRate, channels, endianness === undefined ? null : ENDIANNESS[endianness]!);
}

/** The type of linear samples of 16 bits in this byte order; null leaves it open. */
export function l16Type(sampleRate: number, channels: number, codec: AudioCodec | null): RawAudioType {
  const endianness = Object.entries(ENDIANNESS).find(([, of]) => of === codec)?.[0];
  const order = endianness ? `;endianness=${endianness}` : "";
  return { declaredType: `audio/l16;rate=${sampleRate};channels=${channels}${order}`, codec, sampleRate, channels };
}

const isChannels = (channels: number) => Number.isInteger(channels) && channels >= 1 && channels <= MAXIMUM_CHANNELS;

function readParameters(declared: string): Map<string, string> {
  const pairs = declared.toLowerCase().split(";").slice(1);
  return new Map(
    pairs.map((pair) => {
      const [name = "", value = ""] = pair.split("=", 2);
      return [name.trim(), value.trim().replace(/^"(.*)"$/, "$1")] as const;
    }),
  );
}

/** A WAV of two channels whose header may say one, as Asterisk's MixMonitor with option `D` writes. */
export const twoChannelWav = "audio/wav;channels=2";

export const isTwoChannelWav = (declared: string): boolean =>
  canonicalAudioType(declared) === "audio/wav" && readParameters(declared).get("channels") === "2";

/**
 * The content type to keep for a declared one: its name in the table, with the parameters that sound without a header
 * needs. Null if it is not accepted; a problem if a parameter is wrong.
 */
export function acceptedContentType(declared: string): string | RawAudioProblem | null {
  const type = canonicalAudioType(declared);
  // A file of this type may have a header after all.
  const raw = type === "audio/basic" ? null : readRawAudioType(declared);
  if (raw) return "problem" in raw ? raw : raw.declaredType;
  return isTwoChannelWav(declared) ? twoChannelWav : type;
}
