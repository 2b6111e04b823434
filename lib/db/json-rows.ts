import { getTableColumns, is, SQL, sql } from "drizzle-orm";
import type { PgColumn, PgTable } from "drizzle-orm/pg-core";
import type { Transaction } from "@/lib/db/client";

// Rows go as one JSON parameter. A parameter for each value takes several times as long, here and in the database, and
// each number of rows would be another statement to prepare.

/** All rows have values of the same columns. A value that is SQL counts for all rows. */
type Row = Record<string, unknown>;

/** Inserts many rows. Columns without a value get their defaults. */
export async function insertRows<Table extends PgTable>(
  tx: Transaction,
  table: Table,
  rows: readonly Table["$inferInsert"][],
): Promise<void> {
  if (rows.length === 0) return;
  const { names, values, given } = asJson(table, rows);
  await tx.execute(sql`insert into ${table} (${list(names)}) select ${list(values)} from ${given}`);
}

/** Changes many rows, each found by its `id`. */
export async function updateRows(
  tx: Transaction,
  table: PgTable & { id: PgColumn },
  rows: readonly (Row & { id: string })[],
): Promise<void> {
  if (rows.length === 0) return;
  const { keys, names, values, given } = asJson(table, rows);
  // Not the id: that would lock the rows against references to them.
  const changes = names.flatMap((name, index) => (keys[index] === "id" ? [] : [sql`${name} = ${values[index]}`]));
  await tx.execute(sql`update ${table} set ${list(changes)} from ${given} where ${table.id} = given.id`);
}

const list = (items: SQL[]) => sql.join(items, sql`, `);

function asJson(table: PgTable, rows: readonly Row[]) {
  const columns = getTableColumns(table);
  const [first] = rows as [Row];
  const keys = Object.keys(first).filter((key) => first[key] !== undefined);
  const names = keys.map((key) => sql`${sql.identifier(columns[key]!.name)}`);
  const values = keys.map((key, index) => (is(first[key], SQL) ? first[key] : sql`given.${names[index]}`));
  const sent = keys.filter((key) => !is(first[key], SQL)).map((key) => [key, columns[key]!.name] as const);
  const json = JSON.stringify(
    rows.map((row) => Object.fromEntries(sent.map(([key, name]) => [name, jsonValue(row[key])]))),
  );
  return { keys, names, values, given: sql`json_populate_recordset(null::${table}, ${json}::json) as given` };
}

/** JSON has no bytes; PostgreSQL reads them in its hex format. */
const jsonValue = (value: unknown) => (Buffer.isBuffer(value) ? `\\x${value.toString("hex")}` : value);
