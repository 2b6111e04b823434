import path from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { onDisk } from "@/scripts/recordings/file-paths";

/**
 * The files that a manifest lists, to tell which of its folder it does not. In a temporary file of SQLite's, which is
 * deleted when it is opened: a manifest of a million entries needs no memory. Paths are kept as bytes: as texts, names
 * that are not UTF-8 would become one.
 */
export class ListedFiles {
  readonly #database = new DatabaseSync("");
  readonly #add: StatementSync;
  readonly #find: StatementSync;

  constructor() {
    this.#database.exec(`pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -8000;
      create table files (path blob primary key) strict, without rowid; begin`);
    this.#add = this.#database.prepare("insert or ignore into files values (?)");
    this.#find = this.#database.prepare("select 1 from files where path = ?");
  }

  add(file: string): void {
    this.#add.run(keyOf(file));
  }

  has(file: string): boolean {
    return this.#find.get(keyOf(file)) !== undefined;
  }

  close(): void {
    this.#database.close();
  }
}

const keyOf = (file: string) => Buffer.from(onDisk(path.resolve(file)));
