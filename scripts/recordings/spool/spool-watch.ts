import { lstat } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import type { Waiting } from "@/scripts/recordings/ends/check-file";
import { fileMark } from "@/scripts/recordings/file-mark";
import { onDisk } from "@/scripts/recordings/file-paths";
import { waitReasons, type ImportResult } from "@/scripts/recordings/import-entry";
import { listFiles, skippedEntry, type Skipped } from "@/scripts/recordings/list-files";
import type { PortalClient } from "@/scripts/recordings/portal-client";
import { finishStoredFile } from "@/scripts/recordings/spool/finish-stored-file";
import { FolderEvents } from "@/scripts/recordings/spool/folder-events";
import { careForSpool } from "@/scripts/recordings/spool/care";
import { ReportedFiles } from "@/scripts/recordings/spool/reported-files";
import { Turns, type Turn } from "@/scripts/recordings/spool/turns";
import { uploadSpoolFile } from "@/scripts/recordings/spool/upload-spool-file";
import type { WatchOptions } from "@/scripts/recordings/spool/watch-options";

const longestRetryMs = 30 * 60_000;
/** The system reports changes when they happen; a scan finds what it did not report. */
const betweenScansMs = 5 * 60_000;
/** A scan rests for this multiple of the time that it took. */
const restAfterScan = 10;

/** One run of `watchFolder`. */
export class SpoolWatch {
  readonly #client: PortalClient;
  readonly #spool: string;
  readonly #options: WatchOptions;
  readonly #turns: Turns;
  readonly #events: FolderEvents;
  readonly #reported = new ReportedFiles();
  /** What began and has not ended, such as stored files that settle again. */
  readonly #work = new Set<Promise<void>>();
  /** Files that wait for another one, in a run of one scan. */
  readonly #deferred: Turn[] = [];
  #isPolling: boolean;

  constructor(client: PortalClient, spool: string, options: WatchOptions) {
    this.#client = client;
    this.#spool = spool;
    this.#options = options;
    this.#isPolling = options.usePolling;
    this.#turns = new Turns(options.concurrency, (turn) => this.#take(turn));
    this.#events = new FolderEvents(
      (file) => this.#begin(this.#onChange(file)),
      (code) => {
        this.#isPolling = true;
        options.onNoRoom(code);
      },
    );
  }

  async run(): Promise<void> {
    const { signal, isOnce } = this.#options;
    if (signal.aborted) return;
    signal.addEventListener("abort", () => this.#turns.end(), { once: true });
    this.#begin(
      careForSpool(this.#spool, this.#options, {
        onBack: (file) => this.#turns.add(file),
        onResult: (result) => this.#report(result),
      }),
    );
    if (isOnce) await this.#runOnce();
    else while (!signal.aborted) await this.#rest(await this.#scan());
    this.#events.close();
    while (this.#work.size > 0) await Promise.all(this.#work);
  }

  async #runOnce(): Promise<void> {
    await this.#scan();
    await this.#turns.idle();
    for (const { file } of this.#deferred.splice(0)) this.#turns.add(file);
    await this.#turns.idle();
    for (const { file } of this.#deferred)
      this.#report({ line: 0, file, outcome: "waiting", problem: waitReasons.original });
  }

  #begin(work: Promise<void>): void {
    const tracked: Promise<void> = work.finally(() => this.#work.delete(tracked));
    this.#work.add(tracked);
  }

  /** Gives each file that is found a turn, unless it has one or was reported. Returns how long it took. */
  async #scan(): Promise<number> {
    const begun = Date.now();
    const folders = new Set<string>();
    const onFolder = (folder: string) => {
      folders.add(folder);
      this.#watch(folder);
    };
    for await (const { file, skipped } of listFiles(this.#spool, this.#options.listing, { onFolder })) {
      if (this.#options.signal.aborted) break;
      await this.#found(file, skipped);
    }
    this.#events.keepOnly(folders);
    return Date.now() - begun;
  }

  async #found(file: string, skipped: Skipped | null): Promise<void> {
    if (this.#reported.has(file)) return;
    // A folder that cannot be read gets no turn.
    if (skipped?.isFolder) return this.#report({ line: 0, file, ...skipped });
    this.#turns.add(file);
    await this.#turns.room();
  }

  #watch(folder: string): void {
    if (!this.#options.isOnce && !this.#isPolling) this.#events.add(folder);
  }

  async #rest(scanMs: number): Promise<void> {
    const { settleMs, signal } = this.#options;
    const usual = this.#isPolling ? Math.min(10_000, Math.max(100, settleMs / 4)) : betweenScansMs;
    await wait(Math.max(usual, scanMs * restAfterScan), undefined, { signal }).catch(() => undefined);
  }

  /** A change that the system reports, of a file or a new folder. */
  async #onChange(file: string): Promise<void> {
    const found = await lstat(onDisk(file)).catch(() => null);
    if (!found || this.#options.signal.aborted) return;
    if (!found.isDirectory()) return this.#turns.add(file);
    const options = { folder: file, onFolder: (folder: string) => this.#watch(folder) };
    for await (const entry of listFiles(this.#spool, this.#options.listing, options))
      await this.#found(entry.file, entry.skipped);
  }

  /** One turn of a file. A stored file gets no other before it has settled again. */
  async #take(turn: Turn): Promise<void> {
    const { file } = turn;
    const skipped = await this.#skip(file);
    if (skipped === "ignored") return this.#turns.release(file);
    const outcome = skipped ?? (await uploadSpoolFile(this.#client, this.#spool, file, this.#options));
    if (!outcome) return this.#turns.release(file);
    if ("known" in outcome) this.#options.onKnown(outcome.known);
    else if ("waitMs" in outcome) this.#wait(turn, outcome);
    else if (outcome.stored)
      return this.#begin(
        finishStoredFile(this.#spool, file, outcome.result, outcome.stored, this.#options).then((result) =>
          this.#end(turn, result),
        ),
      );
    else return this.#end(turn, outcome.result);
    this.#turns.release(file);
  }

  /** Why a file is not uploaded; reported only once it has settled, because its writer may rename it. */
  async #skip(file: string): Promise<"ignored" | Waiting | { result: ImportResult; stored?: undefined } | null> {
    const skipped = await skippedEntry(this.#spool, file, this.#options.listing);
    if (skipped === null || skipped === "ignored") return skipped;
    const mark = skipped.outcome === "not_taken" ? await fileMark(file).catch(() => null) : null;
    const quietMs = mark ? Date.now() - mark.mtimeMs : Infinity;
    const { settleMs } = this.#options;
    if (quietMs < settleMs) return { waitMs: Math.min(settleMs, settleMs - quietMs), reason: "settling" };
    return { result: { line: 0, file, ...skipped } };
  }

  #wait(turn: Turn, { waitMs, reason }: Waiting): void {
    const { isOnce } = this.#options;
    if (isOnce && reason === "original") this.#deferred.push(turn);
    else if (isOnce || (reason !== "settling" && this.#reported.add(turn.file, reason)))
      this.#options.onResult({ line: 0, file: turn.file, outcome: "waiting", problem: waitReasons[reason] });
    if (!isOnce) this.#turns.later(turn, waitMs);
  }

  #end(turn: Turn, result: ImportResult): void {
    this.#report(result);
    const { retryMs, isOnce } = this.#options;
    if (result.mayPass && !isOnce)
      this.#turns.later({ file: turn.file, attempt: turn.attempt + 1 }, delayOf(turn.attempt, retryMs));
    this.#turns.release(turn.file);
  }

  /** Reports a result. A file that stays, and that no journal knows, is not reported again at each scan. */
  #report(result: ImportResult): void {
    const { file, outcome } = result;
    const { journal } = this.#options;
    const stays = outcome === "not_taken" || outcome === "excluded" || (outcome === "failed" && !result.mayPass);
    if (file && stays && !journal?.find(file)) this.#reported.add(file);
    this.#options.onResult(result);
  }
}

/** Returns the delay before a retry, with jitter, so that many clients do not retry at the same moment. */
function delayOf(attempt: number, retryMs: number): number {
  return Math.min(longestRetryMs, retryMs * 2 ** attempt) * (0.5 + Math.random() / 2);
}
