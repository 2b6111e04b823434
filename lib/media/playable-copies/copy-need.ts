import { and, inArray, or, sql, type SQL } from "drizzle-orm";
import { acceptedAudioTypes, playsInBrowsers, type AcceptedAudioType } from "@/lib/core/accepted-audio-types";
import { audioCodecs, readAudioCodec, type AudioCodec } from "@/lib/core/audio-codecs";
import { recordings } from "@/lib/db/schema";

type Sound = { contentType: string; codec: string | null };

/** Whether browsers play only a copy of the recording. False while its codec is not known. */
export const needsCopy = ({ contentType, codec }: Sound): boolean =>
  playsInBrowsers(contentType, readAudioCodec(codec)) === "needs_copy";

/** Whether a copy is made: also of several files one behind the other, of which browsers play only the first. */
export const getsCopy = (sound: Sound & { isJoined: boolean }): boolean => sound.isJoined || needsCopy(sound);

/** Whether browsers play the recording only behind the head that the waveform job makes. */
export const needsHead = ({ contentType, codec }: Sound): boolean =>
  playsInBrowsers(contentType, readAudioCodec(codec)) === "after_header_repair";

/** `getsCopy` for SQL: the codecs that each container has no browser for. */
export function isToGetCopy(): SQL {
  const types = Object.keys(acceptedAudioTypes) as AcceptedAudioType[];
  const codecs = Object.keys(audioCodecs) as AudioCodec[];
  const container = sql`split_part(${recordings.contentType}, ';', 1)`;
  return or(
    sql`${recordings.isJoined}`,
    ...types.map((contentType) => {
      const unplayed = codecs.filter((codec) => needsCopy({ contentType, codec }));
      return and(sql`${container} = ${contentType}`, inArray(recordings.codec, unplayed));
    }),
  )!;
}

/** The object of a copy lies beside the recording's own: under the same prefix, encryption and bucket rules. */
export const copyKeyOf = (objectKey: string): string => `${objectKey}.playable`;
