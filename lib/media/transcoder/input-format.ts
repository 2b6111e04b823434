import { typeWithoutParameters } from "@/lib/core/accepted-audio-types";
import type { AudioCodec } from "@/lib/core/audio-codecs";
import type { InputFormat } from "@/lib/media/transcoder/sandbox-command";
import { unframedWav, type RangedSound, type TranscodingInput } from "@/lib/media/transcoder/unframed-wav";

/** ffmpeg's name of each container, and of each form without one. */
const demuxers: Readonly<Record<string, string>> = {
  "audio/wav": "wav",
  "audio/mpeg": "mp3",
  "audio/ogg": "ogg",
  "audio/flac": "flac",
  "audio/mp4": "mov",
  "audio/3gpp": "mov",
  "audio/3gpp2": "mov",
  "audio/webm": "matroska",
  "audio/aac": "aac",
  "audio/amr": "amr",
  "audio/amr-wb": "amr",
  "audio/basic": "au",
  "audio/gsm": "gsm",
  "audio/g722": "g722",
};

/** Sound without a header, by its codec: rate and channels are declared with the content type. */
const rawDemuxers: Partial<Record<AudioCodec, string>> = {
  mulaw: "mulaw",
  alaw: "alaw",
  pcm_s16le: "s16le",
  pcm_s16be: "s16be",
};
const rawTypes = new Set(["audio/pcmu", "audio/pcma", "audio/l16"]);

/**
 * How ffmpeg reads a recording, and what it is given: the recording, or its sound in another container. Null for what
 * it has no name for.
 */
export async function transcodingInput(
  contentType: string,
  codec: AudioCodec,
  file: RangedSound,
): Promise<TranscodingInput | null> {
  const format = inputFormat(contentType, codec);
  if (!format) return null;
  const isUnframed = typeWithoutParameters(contentType) === "audio/wav" && (codec === "aac" || codec === "speex");
  return (isUnframed ? await unframedWav(file, codec) : null) ?? { format, read: () => file.read() };
}

/**
 * How ffmpeg reads a recording, named by what the portal detected; null for what it has no name for.
 * @param contentType may have parameters: `audio/l16;rate=16000;channels=1`.
 */
export function inputFormat(contentType: string, codec: AudioCodec): InputFormat | null {
  const [type = "", ...parameters] = contentType
    .toLowerCase()
    .split(";")
    .map((part) => part.trim());
  if (rawTypes.has(type))
    return rawFormat(codec, new Map(parameters.map((part) => part.split("=") as [string, string])));
  const demuxer = demuxers[type];
  return demuxer ? { input: ["-f", demuxer], isSeekable: demuxer === "mov", restartsTimes: demuxer === "flac" } : null;
}

function rawFormat(codec: AudioCodec, parameters: ReadonlyMap<string, string>): ReturnType<typeof inputFormat> {
  const demuxer = rawDemuxers[codec];
  const count = (name: string, usual: string) => parameters.get(name)?.replace(/\D/g, "") || usual;
  if (!demuxer) return null;
  return {
    input: ["-f", demuxer, "-ar", count("rate", "8000"), "-ac", count("channels", "1")],
    isSeekable: false,
  };
}
