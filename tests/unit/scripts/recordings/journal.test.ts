import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fromDisk } from "@/scripts/recordings/file-paths";
import { Journal, type JournalEntry } from "@/scripts/recordings/spool/journal";

let folder: string;
let spool: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "custodia-journal-"));
  spool = path.join(folder, "spool");
  await writeFile(path.join(folder, "x"), "");
});
afterAll(() => rm(folder, { recursive: true }));

const entry: JournalEntry = { sizeBytes: 10, mtimeMs: 1.5, inode: 7, digest: "ab", outcome: "stored", lengthMs: null };
const never = new AbortController().signal;

test("knows what was added after it was opened again, by bytes and under the spool wherever it is mounted", () => {
  const file = path.join(folder, "again.db");
  const name = fromDisk(Buffer.from("grava\xe7\xe3o.wav", "latin1"));
  const first = new Journal(file, spool);
  first.add(path.join(spool, name), entry);
  first.add(path.join(spool, name), { ...entry, sizeBytes: 11 });
  first.close();
  const second = new Journal(file, path.join(folder, "elsewhere"));
  expect(second.find(path.join(folder, "elsewhere", name))).toEqual({ ...entry, sizeBytes: 11 });
  expect(second.find(path.join(folder, "elsewhere", "gravação.wav"))).toBeNull();
  second.close();
});

test("finds the original of a compressed file, of its own folder only", () => {
  const journal = new Journal(path.join(folder, "originals.db"), spool);
  journal.add(path.join(spool, "a/call.wav"), { ...entry, lengthMs: 4000 });
  journal.add(path.join(spool, "a/other.ogg"), entry);
  expect(journal.originalsOf(path.join(spool, "a/call.mp3"))).toEqual([
    { file: path.join(spool, "a/call.wav"), outcome: "stored", lengthMs: 4000 },
  ]);
  for (const name of ["b/call.mp3", "a/call-in.mp3", "a/call.WAV", "a/other.mp3"])
    expect(journal.originalsOf(path.join(spool, name))).toEqual([]);
  journal.close();
});

test("compacts away files that are gone for long, and nothing while no file is there", async () => {
  const gone = path.join(folder, "gone.db");
  const journal = new Journal(gone, folder);
  for (let index = 0; index < 2500; index += 1) journal.add(path.join(folder, `gone-${index}.wav`), entry);
  expect(await journal.compact(0, never)).toBe(0);
  journal.add(path.join(folder, "a-there"), entry);
  await writeFile(path.join(folder, "a-there"), "");
  expect(await journal.compact(86_400, never)).toBe(0);
  expect(await journal.compact(0, never)).toBe(2500);
  expect(journal.find(path.join(folder, "a-there"))).toEqual(entry);
  expect(journal.find(path.join(folder, "gone-7.wav"))).toBeNull();
  journal.close();
});

test("is of one process at a time", () => {
  const file = path.join(folder, "one.db");
  const journal = new Journal(file, spool);
  expect(() => new Journal(file, spool)).toThrow(/locked/);
  journal.close();
  new Journal(file, spool).close();
});

test("a journal of an earlier release goes on, without lengths", () => {
  const file = path.join(folder, "earlier.db");
  const earlier = new DatabaseSync(file);
  earlier.exec(`
    pragma application_id = ${0x43757374};
    pragma user_version = 1;
    create table files (
      path blob primary key, stem blob not null, size_bytes integer not null, mtime_ms real not null,
      inode integer not null, digest text, outcome text not null, added_at integer not null
    ) strict, without rowid;
    insert into files values (cast('call.wav' as blob), cast('call' as blob), 10, 1.5, 7, 'ab', 'stored', 1)`);
  earlier.close();
  const journal = new Journal(file, spool);
  expect(journal.find(path.join(spool, "call.wav"))).toEqual(entry);
  expect(journal.originalsOf(path.join(spool, "call.mp3"))).toMatchObject([{ outcome: "stored", lengthMs: null }]);
  journal.add(path.join(spool, "call.wav"), { ...entry, lengthMs: 4000 });
  journal.close();
  const again = new Journal(file, spool);
  expect(again.find(path.join(spool, "call.wav"))).toEqual({ ...entry, lengthMs: 4000 });
  again.close();
});
