import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import { parse } from "csv-parse";
import { z } from "zod";
import { audioContentType } from "@/scripts/recordings/audio-content-type";
import type { CallMetadata } from "@/scripts/recordings/upload-recording";

const text = z.string().trim().min(1);
const optionalText = z
  .string()
  .trim()
  .nullish()
  .transform((value) => value || null);

/** One entry of a manifest. The default of the content type follows from the file's name. */
const manifestEntry = z.object({
  file: text,
  source: optionalText,
  sourceCallId: text,
  sourceRecordingId: optionalText,
  unit: text,
  queue: optionalText,
  agent: optionalText,
  agentName: optionalText,
  direction: z.enum(["inbound", "outbound", "internal"]),
  callKind: optionalText,
  startedAt: z.iso.datetime({ offset: true }),
  customerNumber: optionalText,
  contentType: optionalText,
});

/** A file to upload with the facts of its call. `line` is the number of the entry, from 1. */
export type ManifestEntry = { line: number; file: string; metadata: CallMetadata };
export type ManifestProblem = { line: number; file?: string; problem: string };

/**
 * Yields the entries of a manifest: CSV with a header line, JSON Lines, or one JSON array. Yields a problem for an
 * invalid entry and continues.
 * @param defaultSource the `source` of entries without one.
 */
export async function* readManifest(
  manifest: string,
  defaultSource: string,
): AsyncGenerator<ManifestEntry | ManifestProblem> {
  let line = 0;
  for await (const raw of readEntries(manifest)) {
    line += 1;
    yield readManifestEntry(raw, line, path.dirname(manifest), defaultSource);
  }
}

/** `index` is the number of values in the record. */
type CsvRecord = { record: object; info: { index: number; columns: unknown[] } };

async function* readEntries(manifest: string): AsyncIterable<unknown> {
  const extension = path.extname(manifest).toLowerCase();
  if (extension === ".csv") {
    const records = createReadStream(manifest).pipe(
      parse({ columns: true, bom: true, trim: true, skip_empty_lines: true, relax_column_count: true, info: true }),
    );
    for await (const { record, info } of records as AsyncIterable<CsvRecord>)
      yield info.index > info.columns.length ? { ...record, "a value without a column": true } : record;
  } else if (extension === ".jsonl" || extension === ".ndjson") {
    for await (const line of createInterface({ input: createReadStream(manifest), crlfDelay: Infinity }))
      if (line.trim()) yield parseJson(line);
  } else {
    const list = parseJson(await readFile(manifest, "utf8"));
    if (!Array.isArray(list)) throw new Error("a JSON manifest is an array of entries");
    yield* list;
  }
}

/** Returns undefined for invalid JSON, which is then refused as an entry. */
function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/**
 * Lists unknown fields that have a value. An entry with a misspelt field is refused, because its value would be lost: a
 * stored recording cannot be described again.
 */
function unknownFields(raw: object): string[] {
  return Object.entries(raw).flatMap(([name, value]) =>
    Object.hasOwn(manifestEntry.shape, name) || value === "" || value === null
      ? []
      : [name || "a column without a name"],
  );
}

/** Checks one entry of a manifest in `folder`. */
export function readManifestEntry(
  raw: unknown,
  line: number,
  folder: string,
  defaultSource: string,
): ManifestEntry | ManifestProblem {
  const parsed = manifestEntry.safeParse(raw);
  if (!parsed.success)
    return {
      line,
      problem: parsed.error.issues.map((issue) => `${issue.path.join(".") || "entry"}: ${issue.message}`).join("; "),
    };
  const unknown = unknownFields(raw as object);
  if (unknown.length > 0)
    return { line, problem: unknown.map((name) => `${name}: is not a field of an entry`).join("; ") };
  const { file, source, contentType, ...metadata } = parsed.data;
  const resolved = path.resolve(folder, file);
  // A manifest may come from another party: it must not name files outside its folder.
  if (path.relative(folder, resolved).startsWith(".."))
    return { line, problem: "file: is outside the manifest's folder" };
  const type = contentType ?? audioContentType(file);
  if (!type) return { line, problem: "contentType: is missing and does not follow from the file's name" };
  return { line, file: resolved, metadata: { ...metadata, source: source ?? defaultSource, contentType: type } };
}
