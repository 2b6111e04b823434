import { stat } from "node:fs/promises";
import path from "node:path";
import { sidecarMissing, type FileDescriber } from "@/scripts/recordings/describe-file";
import { checkFile, type FinishedAfter, type FinishedFile, type Waiting } from "@/scripts/recordings/ends/check-file";
import { fileMark, isSameMark, type FileMark } from "@/scripts/recordings/file-mark";
import { onDisk, readable } from "@/scripts/recordings/file-paths";
import { hashFile } from "@/scripts/recordings/hash-file";
import { importEntry, planEntry, unfinishedNote, type ImportResult } from "@/scripts/recordings/import-entry";
import type { PortalClient } from "@/scripts/recordings/portal-client";
import { skippedFile, type ListingOptions } from "@/scripts/recordings/list-files";
import { originalOf } from "@/scripts/recordings/same-recording";
import { isOriginal } from "@/scripts/recordings/original-names";
import { mayBeSameSound, soundLength } from "@/scripts/recordings/sound-length";
import { findStoredOriginal, moveDiffering, moveRefused, moveStored } from "@/scripts/recordings/spool/areas";
import { findRemovedOriginal } from "@/scripts/recordings/spool/removed-originals";
import type { Journal, JournalOutcome } from "@/scripts/recordings/spool/journal";

export type SpoolOptions = FinishedAfter & {
  listing: ListingOptions;
  describe: FileDescriber;
  /** Removes stored files instead of moving them to `.stored`. */
  removeStored: boolean;
  /** Leaves all files where they are, and remembers here what became of them. */
  journal: Journal | null;
  /** Tries files again that the portal refused before, according to the journal. */
  retryRefused: boolean;
  /** Sends nothing, and changes nothing. */
  isDryRun: boolean;
  signal: AbortSignal;
};

/**
 * The result of a file, and if it was stored and moved its path and mark; or what the journal knows about it; or how
 * long to wait before the next check.
 */
export type SpoolFileOutcome = Waiting | { known: JournalOutcome } | { result: ImportResult; stored?: StoredFile };
/** `hasOwnId`: its description has a `sourceRecordingId`, under which other content is refused. */
export type StoredFile = { place: string; mark: FileMark; hasOwnId: boolean };

/** Few: a failure that may pass gives the place to another file, and the file gets another turn later. */
const attempts = 2;

/**
 * Uploads one finished file of a spool and moves it once the portal has stored it, or adds it to the journal;
 * `finishStoredFile` removes it if requested. Returns null if the file does not exist, or at the signal.
 */
export async function uploadSpoolFile(
  client: PortalClient,
  spool: string,
  file: string,
  options: SpoolOptions,
): Promise<SpoolFileOutcome | null> {
  if (options.signal.aborted) return null;
  try {
    const known = options.journal && (await knownOutcome(options.journal, file, options));
    if (known) return { known };
    const check = await checkFile(file, options);
    return check && "mark" in check ? await upload(client, spool, file, check, options) : check;
  } catch (error) {
    const { code = "failed" } = error as NodeJS.ErrnoException;
    return code === "ENOENT"
      ? null
      : { result: { line: 0, file, outcome: "failed", problem: `file: ${code}`, mayPass: true } };
  }
}

/** What became of a file to which nothing was written since. Its digest decides where its mark does not. */
async function knownOutcome(
  journal: Journal,
  file: string,
  { isDryRun, retryRefused }: SpoolOptions,
): Promise<JournalOutcome | null> {
  const known = journal.find(file);
  const now = known && (await stat(onDisk(file)));
  if (!now || (retryRefused && known.outcome === "refused")) return null;
  const mark = { sizeBytes: now.size, mtimeMs: now.mtimeMs };
  if (isSameMark(known, mark) && known.inode === now.ino) return known.outcome;
  if (known.sizeBytes !== now.size || !known.digest || known.digest !== (await hashFile(file))) return null;
  if (!isDryRun) journal.add(file, { ...known, ...mark, inode: now.ino });
  return known.outcome;
}

async function upload(
  client: PortalClient,
  spool: string,
  file: string,
  { mark, note }: FinishedFile,
  options: SpoolOptions,
): Promise<SpoolFileOutcome | null> {
  const { isDryRun, signal } = options;
  if (note === "open")
    return {
      result: { line: 0, file, outcome: "failed", problem: "file: a process has it open for writing", mayPass: true },
    };
  const twin = await twinOf(spool, file, options);
  if (twin === "waits") return { waitMs: options.settleMs, reason: "original" };
  const entry = await options.describe(file, 0);
  const result: ImportResult = twin
    ? { line: 0, file, outcome: twin.outcome, note: `same recording as ${readable(path.basename(twin.file))}` }
    : isDryRun
      ? await planEntry(entry)
      : await importEntry(client, entry, { signal, mark, attempts });
  if (signal.aborted) return null;
  if (result.outcome === "failed" && result.problem === sidecarMissing) return { result: { ...result, mayPass: true } };
  const noted = note ? { ...result, note: unfinishedNote } : result;
  if (isDryRun) return { result: noted };
  try {
    // A name that cannot be read is no refusal by the portal: it is tried again after a restart, with other options.
    if (options.journal)
      return { result: "problem" in entry ? noted : await remember(options.journal, file, mark, noted) };
    const hasOwnId = "metadata" in entry && Boolean(entry.metadata.sourceRecordingId);
    // Nothing is left of a removed original that this could be compared with, so it is kept.
    const removesStored = options.removeStored && !twin?.isRemoved;
    return await moveUploaded(spool, file, { mark, hasOwnId }, noted, removesStored);
  } catch (error) {
    const { code = "failed" } = error as NodeJS.ErrnoException;
    return { result: { ...noted, outcome: "failed", problem: `moving: ${code}`, mayPass: true } };
  }
}

/**
 * The file of the same recording in another format, if that is stored ("call.wav" of "call.mp3"); `waits` while the
 * original is still to be stored.
 */
async function twinOf(spool: string, file: string, { journal, listing }: SpoolOptions): Promise<Twin | "waits" | null> {
  if (journal) {
    const known = await originalIn(journal, file);
    // A deleted recording does not come back in another format.
    if (known?.outcome === "stored") return { file: known.file, outcome: "already_stored" };
    if (known) return known.outcome === "deleted" ? { file: known.file, outcome: "already_deleted" } : null;
  } else {
    const stored = await findStoredOriginal(spool, file);
    if (stored) return { file: stored, outcome: "already_stored" };
    const removed = await findRemovedOriginal(spool, file);
    if (removed) return { file: removed, outcome: "already_stored", isRemoved: true };
  }
  return (await originalOf(file, (other) => skippedFile(spool, other, listing) === null)) ? "waits" : null;
}

/** An original of another length is another recording: a pause may leave two of one name. */
async function originalIn(journal: Journal, file: string) {
  const originals = journal.originalsOf(file);
  const lengthMs = originals.length > 0 ? await soundLength(file) : null;
  return originals.find((original) => mayBeSameSound(original.lengthMs, lengthMs)) ?? null;
}

type Twin = { file: string; outcome: "already_stored" | "already_deleted"; isRemoved?: true };

/** Adds what became of a file to the journal, with the mark that it had when it was checked. */
async function remember(journal: Journal, file: string, mark: FileMark, result: ImportResult): Promise<ImportResult> {
  const outcomes = {
    stored: "stored",
    already_stored: "stored",
    already_deleted: "deleted",
    failed: "refused",
  } as const;
  if (result.mayPass || !(result.outcome in outcomes)) return result;
  const outcome = outcomes[result.outcome as keyof typeof outcomes];
  // What was replaced or removed meanwhile has another mark, or none: the inode does not matter then.
  const inode = (await stat(onDisk(file)).catch(() => null))?.ino ?? 0;
  const lengthMs = isOriginal(file) ? await soundLength(file) : null;
  journal.add(file, { ...mark, inode, digest: result.sha256 ?? null, outcome, lengthMs });
  return result;
}

async function moveUploaded(
  spool: string,
  file: string,
  { mark, hasOwnId }: Omit<StoredFile, "place">,
  result: ImportResult,
  removesStored: boolean,
): Promise<SpoolFileOutcome> {
  if (result.mayPass) return { result };
  if (result.problem === "already_stored") await moveDiffering(spool, file, file);
  else if (result.outcome === "failed" || result.outcome === "already_deleted")
    await moveRefused(spool, file, result.problem ?? result.outcome);
  if (result.outcome !== "stored" && result.outcome !== "already_stored") return { result };
  const now = await fileMark(file);
  // The file differs from the stored recording: the next attempt sends it again, or moves it if it has an own id.
  if (now && !isSameMark(mark, now))
    return { result: { ...result, outcome: "failed", problem: "file: written to after it was sent", mayPass: true } };
  // A file that looked unfinished is never removed: more may be written to it.
  const staysForRemoval = removesStored && result.note !== unfinishedNote;
  return { result, stored: { place: staysForRemoval ? file : await moveStored(spool, file), mark, hasOwnId } };
}
