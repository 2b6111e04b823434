import { inArray, or, sql, type SQL } from "drizzle-orm";
import { playsInBrowsers } from "@/lib/core/accepted-audio-types";
import { audioCodecs, readAudioCodec } from "@/lib/core/audio-codecs";
import { recordings } from "@/lib/db/schema";

type Sound = { contentType: string; codec: string | null };

/** Whether browsers play only a copy of the recording. False while its codec is not known. */
export const needsCopy = ({ contentType, codec }: Sound): boolean =>
  playsInBrowsers(contentType, readAudioCodec(codec)) === "needs_copy";

/** Whether browsers play the recording only behind the head that the waveform job makes. */
export const needsHead = ({ contentType, codec }: Sound): boolean =>
  playsInBrowsers(contentType, readAudioCodec(codec)) === "after_header_repair";

/** Recordings that may need a copy, for SQL: `needsCopy` decides, since a container also counts. */
export function mayNeedCopy(): SQL {
  const codecs = Object.entries(audioCodecs).flatMap(([name, { plays }]) => (plays === "needs_copy" ? [name] : []));
  return or(inArray(recordings.codec, codecs), sql`${recordings.contentType} !~ '^audio/(wav|mpeg|ogg|flac|mp4)$'`)!;
}

/** The object of a copy lies beside the recording's own: under the same prefix, encryption and bucket rules. */
export const copyKeyOf = (objectKey: string): string => `${objectKey}.playable`;
