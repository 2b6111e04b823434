import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { audioContentType, type DeclaredChannels } from "@/scripts/recordings/audio-content-type";
import type { CallDefaults, CallName, CallNameReader, Side } from "@/scripts/recordings/call-names/call-name";
import { hasDateDoubt } from "@/scripts/recordings/call-names/date-doubt";
import { joinCdr, type CdrJoin } from "@/scripts/recordings/cdr/join-cdr";
import { explainUnreadName } from "@/scripts/recordings/call-names/unread-name";
import { onDisk, readable } from "@/scripts/recordings/file-paths";
import {
  readManifestEntry,
  type ManifestDefaults,
  type ManifestEntry,
  type ManifestProblem,
} from "@/scripts/recordings/read-manifest";
import type { CallMetadata } from "@/scripts/recordings/upload-recording";

/** Reads the facts of a call from the file's name, or from a JSON file beside it ("call.wav.json"). */
export type FileDescriber = (file: string, line: number) => Promise<ManifestEntry | ManifestProblem>;

export type NameOptions = {
  /** The zone of the times in names. */
  timeZone: string;
  /** Names of folders whose files have one side of a call ("in" of `MixMonitor(…,r(in/…)`). */
  sides: ReadonlyMap<string, Side>;
  channels?: DeclaredChannels;
  /** Call detail records that complete what names say. */
  cdr?: CdrJoin;
};

/** Describes files by their names. */
export function byName(
  readName: CallNameReader,
  defaults: CallDefaults,
  { timeZone, sides, channels, cdr }: NameOptions = { timeZone: "America/Sao_Paulo", sides: new Map() },
): FileDescriber {
  return async (file, line) => {
    const name = readable(file.slice(0, file.length - path.extname(file).length)).replaceAll(path.sep, "/");
    const call = readName(name, defaults);
    if (!call) return { line, file, problem: explainUnreadName(path.basename(name), timeZone) };
    const joined = cdr ? await joinCdr(cdr, { readName, name, defaults }, call, file) : { call };
    if ("problem" in joined) return { line, file, ...joined };
    const side = joined.call.side ?? sides.get(path.basename(path.dirname(file)));
    const contentType = audioContentType(file, channels)!;
    const metadata = await metadataOf(file, { ...joined.call, side }, { ...defaults, contentType });
    if (!metadata) return { line, file, problem: "unit: is not in the name; give --unit" };
    const doubt = hasDateDoubt(path.basename(name), call.startedAt, timeZone) ? { doubtfulDate: true } : {};
    return { line, file, metadata: { ...metadata, ...doubt }, ...(joined.note ? { note: joined.note } : {}) };
  };
}

type FileDefaults = CallDefaults & Pick<CallMetadata, "contentType">;

async function metadataOf(file: string, call: CallName, defaults: FileDefaults): Promise<CallMetadata | null> {
  const { direction = defaults.direction, startedAt, side, part, idFrom, channel: _, ...others } = call;
  const unit = call.unit ?? defaults.unit;
  if (!unit) return null;
  return {
    ...others,
    sourceCallId: call.sourceCallId ?? (await idOf(file, idFrom!)),
    ...labelOf({ side, part }),
    source: defaults.source,
    unit,
    queue: call.queue ?? defaults.queue,
    direction,
    startedAt: startedAt.toISOString(),
    contentType: defaults.contentType,
  };
}

/**
 * The id of a call whose recorder gives none: the same for the same name and size at each try, in any folder. The
 * recordings of two sides have other sizes: for them the folder's name takes the place of the size.
 */
async function idOf(file: string, { name, withSize }: NonNullable<CallName["idFrom"]>): Promise<string> {
  const distinction = withSize ? (await stat(onDisk(file))).size : path.basename(path.dirname(file));
  return `file-${createHash("sha256").update(`${name}\n${distinction}`).digest("hex").slice(0, 40)}`;
}

/** What tells the recordings of a call apart, as the beginning of their ids: "agent", "part-2", "customer.part-2". */
function labelOf({ side, part }: Pick<CallName, "side" | "part">): Pick<CallMetadata, "recordingLabel"> {
  const words = [side, part === undefined ? undefined : `part-${part}`].filter((word) => word !== undefined);
  return words.length > 0 ? { recordingLabel: words.join(".") } : {};
}

/** The name of the JSON file that describes a recording. */
export const sidecarOf = (file: string) => `${file}.json`;

/** True for the JSON file that describes a recording, also before that recording exists. */
export const isSidecar = (file: string) => file.endsWith(".json") && audioContentType(file.slice(0, -5)) !== null;

/** The problem of a file whose sidecar does not exist, or not yet. */
export const sidecarMissing = "sidecar: not found";

/** Describes files by the JSON file beside each: an entry of a manifest, without `file`. */
export function bySidecar(defaults: ManifestDefaults): FileDescriber {
  return async (file, line) => {
    const text = await readFile(onDisk(sidecarOf(file)), "utf8").catch(() => null);
    if (text === null) return { line, file, problem: sidecarMissing };
    return { ...readManifestEntry(entryOf(text, file), { line }, path.dirname(file), defaults), file };
  };
}

/** Returns an empty entry for invalid JSON. It is refused later, because it lacks every field. */
function entryOf(text: string, file: string): object {
  try {
    return { ...(JSON.parse(text) as object), file: path.basename(file) };
  } catch {
    return {};
  }
}
