import { inArray, or, sql, type SQL } from "drizzle-orm";
import { playsInBrowsers } from "@/lib/core/accepted-audio-types";
import { audioCodecs, readAudioCodec, type Plays } from "@/lib/core/audio-codecs";
import { env } from "@/lib/core/env";
import { recordings } from "@/lib/db/schema";

/**
 * What the installation must decode before a browser plays it. The gateway repairs headers as it sends; no byte of a
 * `presigned` delivery passes through it.
 */
function decoded(): readonly Plays[] {
  return env().PLAYBACK_DELIVERY === "presigned" ? ["needs_copy", "after_header_repair"] : ["needs_copy"];
}

/** Whether browsers play only a copy of the recording. False while its codec is not known. */
export function needsCopy({ contentType, codec }: { contentType: string; codec: string | null }): boolean {
  const plays = playsInBrowsers(contentType, readAudioCodec(codec));
  return plays !== null && decoded().includes(plays);
}

/** Recordings that may need a copy, for SQL: `needsCopy` decides, since a container also counts. */
export function mayNeedCopy(): SQL {
  const codecs = Object.entries(audioCodecs).flatMap(([name, { plays }]) => (decoded().includes(plays) ? [name] : []));
  return or(inArray(recordings.codec, codecs), sql`${recordings.contentType} !~ '^audio/(wav|mpeg|ogg|flac|mp4)$'`)!;
}

/** The object of a copy lies beside the recording's own: under the same prefix, encryption and bucket rules. */
export const copyKeyOf = (objectKey: string): string => `${objectKey}.playable`;
