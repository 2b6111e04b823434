import { and, eq, sql, type SQL } from "drizzle-orm";
import { recordings } from "@/lib/db/schema/recordings";

/** The source's names of a recording: of its call, and of the recording among those of the call. */
export type SourceIds = { source: string; sourceCallId: string; sourceRecordingId: string };

const derivedPrefix = "sha256:";

/** While the sender gave neither an id nor a SHA-256 and no bytes have arrived. One recording of a call at most. */
export const unknownContentId = `${derivedPrefix}unknown`;

/** The id of a recording whose sender gives none: the same content is the same recording of its call. */
export const contentId = (sha256: Buffer) => `${derivedPrefix}${sha256.toString("hex")}`;

/** True if the portal made the id, because the sender gave none. */
export const isDerivedId = (sourceRecordingId: string) => sourceRecordingId.startsWith(derivedPrefix);

/** Beginnings of ids that the portal makes: no sender may give such an id of its own. */
export const reservedPrefixes = [derivedPrefix, "deleted:"];

/** What the API says: null while the id depends on bytes that have not arrived. */
export const presentRecordingId = (sourceRecordingId: string) =>
  sourceRecordingId === unknownContentId ? null : sourceRecordingId;

/** The recordings of a call that are not deleted: at their deletion the call's id is replaced. */
export const ofCall = ({ source, sourceCallId }: Pick<SourceIds, "source" | "sourceCallId">): SQL =>
  and(eq(recordings.source, source), eq(recordings.sourceCallId, sourceCallId))!;

/** The SHA-256 in hex of a recording that was taken into custody; null before. */
export const storedSha256 = sql<string | null>`case when ${recordings.storedAt} is not null
  then encode(${recordings.sha256}, 'hex') end`;
