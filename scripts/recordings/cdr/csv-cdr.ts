import { open, stat } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import { CannotStart } from "@/scripts/recordings/cannot-start";
import { readValues } from "@/scripts/recordings/manifest/read-csv";
import { cdrColumns, mostRows, recordingName, type CdrRow, type CdrSource } from "@/scripts/recordings/cdr/cdr";

/** The order of Asterisk's Master.csv, which has no header. What follows depends on its cdr.conf. */
const masterColumns = (
  "accountcode,src,dst,dcontext,clid,channel,dstchannel,lastapp,lastdata,calldate,answer,end,duration,billsec," +
  "disposition,amaflags"
).split(",");

type Index = {
  add: (row: CdrRow) => void;
  /** Adds many rows in one transaction. */
  inOneGo: <Result>(add: () => Promise<Result>) => Promise<Result>;
  find: (name: string, channel: string | null) => CdrRow[];
  close: () => void;
};

/**
 * Opens a CSV of call detail records: Asterisk's Master.csv, or an export with a header. It is indexed in a temporary
 * file, so its size does not matter; what is added to it later is read when a call is not found.
 * @throws CannotStart if it is no such file.
 */
export async function csvCdr(file: string): Promise<CdrSource> {
  const index = openIndex();
  let header: string[] | null = null;
  let size = 0;
  let start = 0;
  let reading: Promise<void> | null = null;
  const readOn = async () => {
    const now = await stat(file);
    // A shorter file is another one: the log was rotated.
    if (now.size < size) start = 0;
    if (now.size === size) return;
    header = await index.inOneGo(() => addRows(file, start, header, index));
    size = now.size;
    start = await lastLineEnd(file, size);
  };
  try {
    await readOn();
  } catch (error) {
    index.close();
    const { code } = error as NodeJS.ErrnoException;
    throw error instanceof CannotStart || !code ? error : new CannotStart(`${file} cannot be read (${code}).`);
  }
  return {
    find: async ({ name, channel }) => {
      const found = index.find(name, channel);
      if (found.length > 0) return found;
      await (reading ??= readOn().finally(() => (reading = null)));
      return index.find(name, channel);
    },
    close: async () => index.close(),
  };
}

/** Adds the records from a byte on, and returns the header of the file, which is only in its first line. */
async function addRows(file: string, start: number, known: string[] | null, index: Index): Promise<string[] | null> {
  let header = start === 0 ? null : known;
  let isFirst = start === 0;
  for await (const { values } of readValues(file, start)) {
    if (isFirst) header = headerOf(values);
    const isHeader = isFirst && header !== null;
    if (isFirst && !header && values.length < masterColumns.length)
      throw new CannotStart(`${file} has neither the header nor the columns of call detail records.`);
    isFirst = false;
    if (!isHeader) index.add(rowOf(values, header ?? masterColumnsOf(values)));
  }
  return header;
}

const tailBytes = 64 * 1024;

/** The byte behind the last complete line: a line that is being written is read again, and found twice does no harm. */
async function lastLineEnd(file: string, size: number): Promise<number> {
  const handle = await open(file);
  try {
    const from = Math.max(0, size - tailBytes);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - from), 0, size - from, from);
    return from + buffer.subarray(0, bytesRead).lastIndexOf(0x0a) + 1;
  } finally {
    await handle.close();
  }
}

/** Names of columns in Asterisk's own tables, in ours. */
const synonyms: Record<string, string> = { start: "calldate", filename: "recordingfile" };

function headerOf(values: string[]): string[] | null {
  const names = values.map((value) => value.toLowerCase()).map((name) => synonyms[name] ?? name);
  return names.includes("src") && names.includes("dst") && names.includes("channel") ? names : null;
}

/** Behind the 16 columns stand, if cdr.conf says so: uniqueid; userfield; peeraccount, linkedid and sequence. */
function masterColumnsOf(values: string[]): string[] {
  const rest = values.length - masterColumns.length;
  const newer = rest >= 3 ? ["peeraccount", "linkedid", "sequence"] : [];
  const others = rest - newer.length;
  const hasId = /(?:^|-)\d{9,10}\.\d+$/.test(values[masterColumns.length] ?? "");
  const known = others === 2 ? ["uniqueid", "userfield"] : others === 1 ? [hasId ? "uniqueid" : "userfield"] : [];
  return [...masterColumns, ...known, ...newer];
}

const wanted: readonly string[] = cdrColumns;

const rowOf = (values: string[], names: string[]): CdrRow =>
  Object.fromEntries(names.flatMap((name, at) => (wanted.includes(name) && values[at] ? [[name, values[at]]] : [])));

/**
 * A database without a name is a temporary file of SQLite's, which is deleted when it is opened: it has personal data,
 * and does not survive a kill.
 */
function openIndex(): Index {
  const database = new DatabaseSync("");
  database.exec(`pragma journal_mode = off; pragma cache_size = -16000;
    create table cdr (id integer primary key, uniqueid text, linkedid text, name text, row text);
    create index by_uniqueid on cdr (uniqueid); create index by_linkedid on cdr (linkedid);
    create index by_name on cdr (name) where name <> '';`);
  const insert = database.prepare("insert into cdr (uniqueid, linkedid, name, row) values (?, ?, ?, ?)");
  const select = database.prepare(`select distinct row from cdr
    where uniqueid = :channel or linkedid = :channel or (name <> '' and name = :name)
      or linkedid in (select linkedid from cdr where uniqueid = :channel or (name <> '' and name = :name))
    limit ${mostRows}`);
  return {
    add: (row) => void insert.run(row.uniqueid ?? null, row.linkedid ?? null, recordingName(row), JSON.stringify(row)),
    inOneGo: async (add) => {
      database.exec("begin");
      try {
        return await add();
      } finally {
        database.exec("commit");
      }
    },
    find: (name, channel) =>
      select.all({ ":channel": channel, ":name": name }).map(({ row }) => JSON.parse(row as string) as CdrRow),
    close: () => database.close(),
  };
}
