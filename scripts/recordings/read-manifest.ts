import path from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { z } from "zod";
import { audioContentType, type DeclaredChannels } from "@/scripts/recordings/audio-content-type";
import { CannotStart } from "@/scripts/recordings/cannot-start";
import { readAnswer, readCardDataHandling, readYesOrNo } from "@/scripts/recordings/handling-words";
import { decodeText } from "@/scripts/recordings/manifest/decode-text";
import { manifestTime } from "@/scripts/recordings/manifest/manifest-time";
import { readCsv } from "@/scripts/recordings/manifest/read-csv";
import { damagedField, type Refused, withoutZeros } from "@/scripts/recordings/manifest/spreadsheet-damage";
import type { CallMetadata } from "@/scripts/recordings/upload-recording";

const text = z.string().trim().min(1);
const optionalText = z
  .string()
  .trim()
  .nullish()
  .transform((value) => value || null);

/** A cell of a table, or a boolean of JSON, as one of our words. Empty: nothing is said. */
const wordOf = <Word extends string>(read: (word: string) => Word | null, words: string) =>
  z
    .union([z.string(), z.boolean(), z.int()])
    .nullish()
    .transform((value, context): Word | undefined => {
      const written = String(value ?? "").trim();
      if (written === "") return undefined;
      const word = read(written);
      if (word === null) context.addIssue({ code: "custom", message: `write ${words}` });
      return word ?? undefined;
    });
const answer = wordOf(readAnswer, "yes, no or unknown");

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
  startedAt: text,
  customerNumber: optionalText,
  protocol: optionalText,
  customerReference: optionalText,
  customerTaxId: optionalText,
  announcementPlayed: answer,
  announcementVersion: optionalText.transform((text) => text ?? undefined),
  sensitiveContent: answer,
  cardDataHandling: wordOf(readCardDataHandling, "paused, masked, none or unknown"),
  possibleCardData: wordOf(readYesOrNo, "yes or no").transform((word) => word && word === "yes"),
  contentType: optionalText,
});

/** A file to upload with the facts of its call. `line` is the number of the entry, from 1; `note` is a warning. */
export type ManifestEntry = { line: number; file: string; metadata: CallMetadata; note?: string };
/**
 * `outcome`: of a file that is not even tried. Default: `failed`. `mayPass`: the same file may be described later.
 */
export type ManifestProblem = {
  line: number;
  file?: string;
  problem: string;
  mayPass?: boolean;
  refused?: Refused;
  outcome?: "not_taken" | "excluded" | "already_stored" | "waiting";
};

/**
 * What completes entries: the `source` of those without one, the zone of times without one (null: refused), the
 * channels of those without a `contentType`.
 */
export type ManifestDefaults = { source: string; timeZone: string | null; channels?: DeclaredChannels };

/**
 * Yields the entries of a manifest: CSV with a header line, JSON Lines, or one JSON array. Yields a problem for an
 * invalid entry and continues.
 * @throws CannotStart if it is no such file.
 */
export async function* readManifest(
  manifest: string,
  defaults: ManifestDefaults,
): AsyncGenerator<ManifestEntry | ManifestProblem> {
  let line = 0;
  for await (const { raw, fileLine } of readEntries(manifest)) {
    line += 1;
    yield readManifestEntry(raw, { line, fileLine }, path.dirname(manifest), defaults);
  }
}

async function* readEntries(manifest: string): AsyncIterable<{ raw: unknown; fileLine: number }> {
  const extension = path.extname(manifest).toLowerCase();
  if ([".csv", ".tsv", ".txt"].includes(extension)) {
    for await (const { record, line } of readCsv(manifest)) yield { raw: record, fileLine: line };
  } else if (extension === ".jsonl" || extension === ".ndjson") {
    let fileLine = 0;
    const lines = createInterface({ input: Readable.from(decodeText(manifest)), crlfDelay: Infinity });
    for await (const line of lines) {
      fileLine += 1;
      if (line.trim()) yield { raw: parseJson(line), fileLine };
    }
  } else {
    let whole = "";
    for await (const piece of decodeText(manifest)) whole += piece;
    const list = parseJson(whole);
    if (!Array.isArray(list)) throw new CannotStart("A JSON manifest is an array of entries.");
    for (const [index, raw] of list.entries()) yield { raw, fileLine: index + 1 };
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

/** The file that an entry names, if it does. */
function named(raw: unknown): { file?: string } {
  const { file } = Object(raw) as { file?: unknown };
  return typeof file === "string" && file !== "" ? { file } : {};
}

/** Checks one entry of a manifest in `folder`. */
export function readManifestEntry(
  raw: unknown,
  { line, fileLine = line }: { line: number; fileLine?: number },
  folder: string,
  defaults: ManifestDefaults,
): ManifestEntry | ManifestProblem {
  const parsed = manifestEntry.safeParse(raw);
  if (!parsed.success)
    return {
      line,
      ...named(raw),
      problem: parsed.error.issues.map((issue) => `${issue.path.join(".") || "entry"}: ${issue.message}`).join("; "),
    };
  const unknown = unknownFields(raw as object);
  if (unknown.length > 0)
    return { line, ...named(raw), problem: unknown.map((name) => `${name}: is not a field of an entry`).join("; ") };
  const damaged = damagedField(parsed.data);
  if (damaged)
    return {
      line,
      ...named(raw),
      problem: `${damaged.field}: was damaged by a spreadsheet`,
      refused: { ...damaged, fileLine },
    };
  const startedAt = manifestTime(parsed.data.startedAt, defaults.timeZone);
  if (typeof startedAt !== "string") {
    const { problem, refusal } = startedAt;
    const refused = refusal && { refusal, field: "startedAt", fileLine };
    return { line, ...named(raw), problem: `startedAt: ${problem}`, ...(refused ? { refused } : {}) };
  }
  const { file, source, contentType, ...metadata } = parsed.data;
  const resolved = path.resolve(folder, file);
  // A manifest may come from another party: it must not name files outside its folder.
  if (path.relative(folder, resolved).startsWith(".."))
    return { line, file, problem: "file: is outside the manifest's folder" };
  const type = contentType ?? audioContentType(file, defaults.channels);
  if (!type) return { line, file, problem: "contentType: is missing and does not follow from the file's name" };
  const facts = { ...withoutZeros(metadata), startedAt, source: source ?? defaults.source, contentType: type };
  return { line, file: resolved, metadata: facts };
}
