import { extensionOfType } from "@/lib/core/accepted-audio-types";
import { localDateTime } from "@/lib/core/time";
import type { PackageContent, PackagedCall, PackagedRecording } from "@/lib/subject-requests/package/package-content";
import { packageWords } from "@/lib/subject-requests/package/package-words";

/** A ZIP without zip64 records has no more entries; readers differ beyond. */
export const mostEntries = 65_535;

/** Read me, letter, two lists, manifest and signature. */
const fixedEntries = 6;

/** The calls of each ZIP: where it begins in their order, and how many it has. */
export type PackagePlan = readonly { firstCall: number; calls: number }[];

/** Divides a package into as few ZIPs as it needs: one, unless it has more than 65,535 entries. */
export async function planPackage(
  content: Pick<PackageContent, "calls" | "hasVcons">,
  limit = mostEntries,
): Promise<PackagePlan> {
  const parts = [{ firstCall: 0, calls: 0 }];
  let entries = fixedEntries;
  for await (const call of content.calls()) {
    const more = entriesOf(call, content.hasVcons);
    let last = parts.at(-1)!;
    if (entries + more > limit && last.calls > 0) {
      last = { firstCall: last.firstCall + last.calls, calls: 0 };
      parts.push(last);
      entries = fixedEntries;
    }
    last.calls += 1;
    entries += more;
  }
  return parts;
}

const entriesOf = ({ recordings }: PackagedCall, hasVcons: boolean) =>
  recordings.filter(({ audio }) => audio).length + (hasVcons ? 1 : 0);

/** A call of one ZIP, with the names of its files there. */
export type NamedCall = {
  call: PackagedCall;
  vconName: string | null;
  recordings: readonly { recording: PackagedRecording; name: string | null }[];
};

/**
 * The calls of one ZIP with their names: date and time of the call in the zone of its unit, so nothing personal and the
 * same at each reading. Folders of later ZIPs have their number, so that all can be unpacked in one place.
 * @param part counted from 1.
 */
export async function* namedCalls(content: PackageContent, plan: PackagePlan, part: number): AsyncGenerator<NamedCall> {
  const { firstCall, calls } = plan[part - 1]!;
  const names = new Map<string, number>();
  const named = (folder: string, { startedAt, timeZone }: PackagedRecording, extension: string) => {
    const [day, time] = localDateTime(startedAt, timeZone).replaceAll(":", "-").split("T") as [string, string];
    const stem = `${folder}${partSuffix(part)}/${day}_${time.slice(0, 5)}_${time.slice(6)}`;
    const taken = (names.get(stem + extension) ?? 0) + 1;
    names.set(stem + extension, taken);
    return `${stem}${taken > 1 ? `_${taken}` : ""}.${extension}`;
  };
  const folder = packageWords[content.locale].files.recordings;
  let index = -1;
  for await (const call of content.calls()) {
    index += 1;
    if (index < firstCall) continue;
    if (index >= firstCall + calls) return;
    const recordings = call.recordings.map((recording) => ({
      recording,
      name: recording.audio ? named(folder, recording, extensionOfType(recording.audio.contentType) ?? "bin") : null,
    }));
    yield { call, recordings, vconName: content.hasVcons ? named("vcon", call.recordings[0]!, "vcon.json") : null };
  }
}

/** "" for the first ZIP, "-2" for the second. */
export const partSuffix = (part: number): string => (part === 1 ? "" : `-${part}`);
