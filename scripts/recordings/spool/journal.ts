import { lstat } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import path from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { fromDisk, onDisk } from "@/scripts/recordings/file-paths";
import type { FileMark } from "@/scripts/recordings/file-mark";
import { isCompressed, isOriginal, stemOf } from "@/scripts/recordings/original-names";

/**
 * A file whose end is known to the journal. `digest` is its SHA-256 in hexadecimal, if it was stored; `lengthMs` the
 * length of its sound, if it is an original that a later job may compress.
 */
export type JournalEntry = FileMark & {
  inode: number;
  digest: string | null;
  outcome: JournalOutcome;
  lengthMs: number | null;
};
export type JournalOutcome = "stored" | "deleted" | "refused";

/** SQLite's mark of the program that a file belongs to: no other SQLite file is taken for a journal. */
const applicationId = 0x43757374;
const version = 2;
const pageRows = 1000;
/** How long the entry of a removed file is kept: its compressed copy may come later. */
const keptSeconds = 30 * 86_400;

/**
 * What was sent from a spool whose files stay where they are. A SQLite file: a crash loses no entry that was added
 * before, the memory does not grow with their number, and only one process can use it. Paths are kept as bytes,
 * relative to the spool.
 * @throws Error if the file is no journal, or another process uses it.
 */
export class Journal {
  readonly #database: DatabaseSync;
  readonly #spool: string;
  readonly #find: StatementSync;
  readonly #siblings: StatementSync;
  readonly #add: StatementSync;

  constructor(file: string, spool: string) {
    this.#spool = path.resolve(spool);
    this.#database = new DatabaseSync(file, { timeout: 0 });
    const database = this.#database;
    // EXCLUSIVE keeps the lock until the process ends; FULL syncs each entry before `add` returns.
    database.exec("pragma locking_mode = exclusive; pragma journal_mode = wal; pragma synchronous = full");
    this.#prepareTables();
    this.#find = database.prepare(
      "select size_bytes, mtime_ms, inode, digest, outcome, length_ms from files where path = ?",
    );
    this.#siblings = database.prepare("select path, outcome, length_ms from files where stem = ?");
    this.#add = database.prepare("insert or replace into files values (?, ?, ?, ?, ?, ?, ?, ?, ?)");
  }

  #prepareTables(): void {
    const database = this.#database;
    const { application_id: found } = database.prepare("pragma application_id").get() as { application_id: number };
    const { tables } = database.prepare("select count(*) as tables from sqlite_schema").get() as { tables: number };
    if (found !== applicationId && tables > 0) throw new Error("it is another SQLite database");
    database.exec(`
      begin immediate;
      pragma application_id = ${applicationId};
      pragma user_version = ${version};
      create table if not exists files (
        path blob primary key, stem blob not null, size_bytes integer not null, mtime_ms real not null,
        inode integer not null, digest text, outcome text not null, added_at integer not null, length_ms integer
      ) strict, without rowid;
      create index if not exists files_stem on files (stem);
      create table if not exists state (name text primary key, value integer not null) strict, without rowid;
      commit`);
    // Version 1 had no lengths.
    const { lengths } = database
      .prepare("select count(*) as lengths from pragma_table_info('files') where name = 'length_ms'")
      .get() as { lengths: number };
    if (lengths === 0) database.exec("alter table files add column length_ms integer");
  }

  /** What the journal knows about a file. */
  find(file: string): JournalEntry | null {
    const row = this.#find.get(this.#key(file)) as
      | {
          size_bytes: number;
          mtime_ms: number;
          inode: number;
          digest: string | null;
          outcome: JournalOutcome;
          length_ms: number | null;
        }
      | undefined;
    if (!row) return null;
    const { size_bytes: sizeBytes, mtime_ms: mtimeMs, inode, digest, outcome, length_ms: lengthMs } = row;
    return { sizeBytes, mtimeMs, inode, digest, outcome, lengthMs };
  }

  /** The files that a compressed one may be made of ("call.wav" of "call.mp3"), also those removed since. */
  originalsOf(file: string): { file: string; outcome: JournalOutcome; lengthMs: number | null }[] {
    if (!isCompressed(file)) return [];
    const rows = this.#siblings.all(this.#key(stemOf(file))) as {
      path: Uint8Array;
      outcome: JournalOutcome;
      length_ms: number | null;
    }[];
    return rows
      .map((row) => ({ file: this.#file(row.path), outcome: row.outcome, lengthMs: row.length_ms }))
      .filter((other) => isOriginal(other.file));
  }

  /** Adds a file, or replaces what is known about it. On return the entry is on the disk. */
  add(file: string, { sizeBytes, mtimeMs, inode, digest, outcome, lengthMs }: JournalEntry): void {
    const [key, stem] = [this.#key(file), this.#key(stemOf(file))];
    this.#add.run(key, stem, sizeBytes, mtimeMs, inode, digest, outcome, Math.floor(Date.now() / 1000), lengthMs);
  }

  /** Compacts, unless it did so within a day. */
  async compactDaily(signal: AbortSignal): Promise<void> {
    const now = Math.floor(Date.now() / 1000);
    const last = this.#database.prepare("select value from state where name = 'compacted_at'").get();
    if (last && (last.value as number) > now - 86_400) return;
    await this.compact(keptSeconds, signal);
    if (!signal.aborted) this.#database.prepare("insert or replace into state values ('compacted_at', ?)").run(now);
  }

  /**
   * Removes the entries of files that were removed from the spool, if older than the age. Works in small steps, so that
   * other work goes on between them. Does nothing while no known file is found: the spool may not be mounted.
   */
  async compact(ageSeconds: number, signal: AbortSignal): Promise<number> {
    const page = this.#database.prepare("select path, added_at from files where path > ? order by path limit ?");
    const remove = this.#database.prepare("delete from files where path = ?");
    const until = Math.floor(Date.now() / 1000) - ageSeconds;
    let [after, removed, found] = [Buffer.alloc(0) as Uint8Array, 0, false];
    for (;;) {
      const rows = page.all(after, pageRows) as { path: Uint8Array; added_at: number }[];
      if (rows.length === 0 || signal.aborted) return removed;
      const gone: Uint8Array[] = [];
      for (const row of rows) {
        const exists = await isThere(this.#file(row.path));
        found ||= exists;
        if (!exists && row.added_at <= until) gone.push(row.path);
      }
      if (found) {
        this.#database.exec("begin");
        for (const key of gone) remove.run(key);
        this.#database.exec("commit");
        removed += gone.length;
      }
      after = rows.at(-1)!.path;
      await wait(1);
    }
  }

  close(): void {
    this.#database.close();
  }

  #key(file: string): Buffer {
    return Buffer.from(onDisk(path.relative(this.#spool, path.resolve(file))));
  }

  #file(key: Uint8Array): string {
    return path.join(this.#spool, fromDisk(Buffer.from(key)));
  }
}

const isThere = (file: string) =>
  lstat(onDisk(file)).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== "ENOENT" && error.code !== "ENOTDIR",
  );
