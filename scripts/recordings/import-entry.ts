import type { WaitReason } from "@/scripts/recordings/ends/check-file";
import { isEmptyRecording } from "@/lib/media/empty-recording";
import { SNIFF_HEAD_BYTES } from "@/lib/media/sniff-audio";
import { withSource } from "@/scripts/recordings/ends/open-source";
import { fileMark } from "@/scripts/recordings/file-mark";
import { UploadError, type PortalClient } from "@/scripts/recordings/portal-client";
import { refusedFormName } from "@/scripts/recordings/refused-form-name";
import type { ManifestEntry, ManifestProblem } from "@/scripts/recordings/read-manifest";
import { uploadRecording, type CallMetadata, type UploadRecordingOptions } from "@/scripts/recordings/upload-recording";

/**
 * The outcome of one entry. `already_deleted` is no failure: a deleted recording must not come back. `waiting`: not
 * finished, nothing was sent. `not_taken`: nothing that a portal takes. `excluded`: at the operator's request.
 * `planned`: in a dry run, would be sent.
 */
export type Outcome =
  | "stored"
  | "already_stored"
  | "already_deleted"
  | "failed"
  | "waiting"
  | "not_taken"
  | "excluded"
  | "planned";

/** The result of one entry. */
export type ImportResult = {
  line: number;
  /** For the operator's report only: file names may contain telephone numbers. */
  file?: string;
  outcome: Outcome;
  id?: string;
  sizeBytes?: number;
  /** Of the uploaded content, in hexadecimal. */
  sha256?: string;
  problem?: string;
  /** A warning about an uploaded file. */
  note?: string;
  /** In a dry run: how the call was understood. */
  call?: CallMetadata;
  /** True for a failure that may pass: the same file, unchanged, may be accepted later. */
  mayPass?: boolean;
};

/** The note of an uploaded file without a sample of sound. */
const emptyNote = "file: has no sound";

/** Reads small files only: one without a sample has nothing but its header. */
async function hasNoSound(file: string, sizeBytes: number): Promise<boolean> {
  if (sizeBytes > SNIFF_HEAD_BYTES) return false;
  const isEmpty = withSource(file, sizeBytes, async ({ readAt }) =>
    isEmptyRecording(await readAt(0, sizeBytes), sizeBytes),
  );
  return isEmpty.catch(() => false);
}

/** The note of an uploaded file whose end is missing. */
export const unfinishedNote = "file: looks unfinished";

/** Why a file waits, in words. */
export const waitReasons: Record<WaitReason, string> = {
  settling: "settling: it was written to a moment ago",
  unfinished: "unfinished: its end is missing",
  open: "open: a process has it open for writing",
  original: "original: it is sent after the file that it was made of",
  unseen: "unseen: its format has no end mark, and this user cannot see who has it open",
};

/** What would be done with an entry. */
export async function planEntry(entry: ManifestEntry | ManifestProblem): Promise<ImportResult> {
  if ("problem" in entry) return resultOf(entry);
  const { line, file } = entry;
  const mark = await fileMark(file).catch(() => null);
  if (!mark) return { line, file, outcome: "failed", problem: "file: not found" };
  if (mark.sizeBytes === 0) return { line, file, outcome: "failed", problem: `empty_file: ${explained.empty_file}` };
  return {
    line: entry.line,
    file: entry.file,
    outcome: "planned",
    call: entry.metadata,
    note: (await hasNoSound(file, mark.sizeBytes)) ? emptyNote : entry.note,
  };
}

/** Uploads one entry. Does not throw: the result has the problem. */
export async function importEntry(
  client: PortalClient,
  entry: ManifestEntry | ManifestProblem,
  options: UploadRecordingOptions = {},
): Promise<ImportResult> {
  const { line, file } = entry;
  if ("problem" in entry) return resultOf(entry);
  try {
    const uploaded = await uploadRecording(client, entry.file, entry.metadata, options);
    const isEmpty = await hasNoSound(entry.file, uploaded.sizeBytes);
    const notes = [entry.note, isEmpty ? emptyNote : undefined].filter((note) => note);
    return { line, file, ...uploaded, ...(notes.length > 0 ? { note: notes.join("; ") } : {}) };
  } catch (error) {
    if (error instanceof UploadError && error.code === "already_deleted")
      return { line, file, outcome: "already_deleted" };
    return {
      line,
      file,
      outcome: "failed",
      problem: describe(error),
      mayPass: !(error instanceof UploadError && refusals.has(error.code)),
    };
  }
}

type Unsent = Omit<ManifestProblem, "outcome"> & { outcome?: Outcome };

/** The result of an entry that is not sent. Without a failure its text is no problem, but a note. */
export function resultOf({ line, file, problem, outcome = "failed", mayPass }: Unsent): ImportResult {
  const text = problem === "" ? {} : outcome === "already_stored" ? { note: problem } : { problem };
  return { line, file, outcome, ...text, ...(mayPass ? { mayPass } : {}) };
}

/** Codes of problems with the file or its data, which stay. A revoked key or a missing policy is not one. */
const refusals = new Set([
  "invalid_input",
  "unsupported_media_type",
  "too_large",
  "empty_file",
  "not_audio",
  "already_stored",
  "conflict",
]);

/** Explanations of codes that are not clear alone. */
const explained: Record<string, string> = {
  upload_conflict:
    "another file with the same sourceRecordingId was uploaded at the same time; " +
    "this file is not stored and stays where it is",
  empty_file: "the file has no bytes",
  http_413: "a proxy before the portal or its store refuses bodies of this size",
};

function describe(error: unknown): string {
  if (error instanceof UploadError) {
    const form = error.fields.find(({ path }) => path === "content" || path === "contentType")?.reason;
    const sentence = explained[error.code] ?? refusedFormName(form);
    return sentence ? `${error.message}: ${sentence}` : error.message;
  }
  const code = (error as NodeJS.ErrnoException).code;
  return code === "ENOENT" ? "file: not found" : code ? `file: ${code}` : "interrupted";
}
