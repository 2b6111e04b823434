import { stringify } from "csv-stringify/sync";
import { excelCsv } from "@/lib/core/excel-csv";
import { phoneText } from "@/lib/core/numbers/phone-text";
import { localDateTime } from "@/lib/core/time";
import type { PackageLocale } from "@/lib/subject-requests/package/package-content";
import type { NamedCall } from "@/lib/subject-requests/package/package-plan";
import { packageWords } from "@/lib/subject-requests/package/package-words";

/** The list of calls for people, piece by piece. One row for each recording. */
export async function* callsAsCsv(calls: AsyncIterable<NamedCall>, locale: PackageLocale): AsyncGenerator<string> {
  const words = packageWords[locale];
  yield `\uFEFF${stringify([[...words.columns]], excelCsv)}`;
  for await (const { recordings } of calls)
    yield stringify(
      recordings.map(({ recording, name }) => [
        dayAndTime(localDateTime(recording.startedAt, recording.timeZone), locale),
        recording.timeZone,
        recording.durationMs === null ? "" : durationText(recording.durationMs),
        words.directions[recording.direction],
        recording.unit,
        recording.queue ?? "",
        recording.number === null ? "" : phoneText(recording.number),
        recording.protocol ?? "",
        recording.keptUntil === null ? "" : dayAndTime(recording.keptUntil, locale),
        words.forms[recording.audio?.form ?? "none"],
        name ?? "",
        recording.audio?.sha256 ?? "",
      ]),
      excelCsv,
    );
}

/** The same for programs, piece by piece: an array of calls with their recordings. Times are ISO 8601 in UTC. */
export async function* callsAsJson(calls: AsyncIterable<NamedCall>): AsyncGenerator<string> {
  let before = "[\n";
  for await (const { call, vconName, recordings } of calls) {
    const listed = recordings.map(({ recording: { audio, startedAt, ...facts }, name }) => ({
      ...{ ...facts, startedAt: startedAt.toISOString() },
      audio: audio && {
        file: name,
        ...{ form: audio.form, subjectChannel: audio.subjectChannel, contentType: audio.contentType },
        ...{ sizeBytes: audio.sizeBytes, sha256: audio.sha256 },
      },
    }));
    yield `${before}${JSON.stringify({ call: call.id, ...(vconName ? { vcon: vconName } : {}), recordings: listed })}`;
    before = ",\n";
  }
  yield before === "[\n" ? "[]\n" : "\n]\n";
}

/** "2026-03-01T14:05:03" or "2026-03-01" as people write it. */
function dayAndTime(text: string, locale: PackageLocale): string {
  const [day, time] = text.split("T") as [string, string?];
  const written = locale === "pt-BR" ? day.split("-").toReversed().join("/") : day;
  return time ? `${written} ${time}` : written;
}

/** "0:03:07" */
function durationText(durationMs: number): string {
  const seconds = Math.round(durationMs / 1000);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}
