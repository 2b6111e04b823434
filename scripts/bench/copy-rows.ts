import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type postgres from "postgres";

const perBatch = 100_000;

type Filling = { table: string; columns: readonly string[]; count: number };

/**
 * Fills a table by COPY without its indexes, which are made again at the end: a tenth of the time of rows one by one.
 * Each batch commits with its count, so that a filling that was cut off goes on where it was. postgres.js hangs on a
 * row that the table refuses; the server's log has the reason.
 * @param row the values of one row, in the order of the columns; null for none. The same in every run.
 * A filled table grows, if more rows are asked for.
 * @throws Error if the table was filled with more rows.
 */
export async function copyRows(
  sql: postgres.Sql,
  { table, columns, count }: Filling,
  row: (index: number) => readonly (string | null)[],
): Promise<void> {
  await sql`create table if not exists bench_fill
    (filled text primary key, rows bigint not null, copied bigint not null, indexes text[] not null)`;
  const { rows, copied, indexes } = await begun(sql, table, count);
  if (rows !== count) throw new Error(`The folder has ${rows} rows of ${table}: remove it, or name another.`);
  for (let from = copied; from < count; from += perBatch) {
    const until = Math.min(count, from + perBatch);
    await sql.begin(async (tx) => {
      const copy = await tx.unsafe(`copy ${table} (${columns.join(", ")}) from stdin`).writable();
      await pipeline(Readable.from(linesOf(from, until, row)), copy);
      await tx`update bench_fill set copied = ${until} where filled = ${table}`;
    });
  }
  if (indexes.length === 0) return;
  for (const definition of indexes)
    await sql.unsafe(definition.replace(/^CREATE (UNIQUE )?INDEX /, "CREATE $1INDEX IF NOT EXISTS "));
  await sql.unsafe(`vacuum analyze ${table}`);
  await sql`update bench_fill set indexes = '{}' where filled = ${table}`;
}

/** What was copied of a table before, and the definitions of indexes that it lacks until all is. */
async function begun(sql: postgres.Sql, table: string, count: number) {
  return sql.begin(async (tx) => {
    const [before] = await tx<{ rows: string; copied: string; indexes: string[] }[]>`
      select rows, copied, indexes from bench_fill where filled = ${table}`;
    const rows = Number(before?.rows ?? 0);
    if (before && (rows >= count || before.indexes.length > 0))
      return { rows, copied: Number(before.copied), indexes: before.indexes };
    const found = await tx<{ name: string; definition: string }[]>`
      select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition from pg_index i
      where i.indrelid = ${table}::regclass and not exists (select from pg_constraint where conindid = i.indexrelid)`;
    const indexes = found.map(({ definition }) => definition);
    await tx`insert into bench_fill values (${table}, ${count}, 0, ${indexes})
      on conflict (filled) do update set rows = excluded.rows, indexes = excluded.indexes`;
    for (const { name } of found) await tx.unsafe(`drop index ${name}`);
    return { rows: count, copied: Number(before?.copied ?? 0), indexes };
  });
}

/** Some rows together, as COPY reads them. */
function* linesOf(from: number, until: number, row: (index: number) => readonly (string | null)[]): Generator<string> {
  for (let start = from; start < until; start += 1000) {
    const rows = Array.from({ length: Math.min(1000, until - start) }, (_, offset) => row(start + offset));
    yield rows.map((values) => `${values.map((value) => value ?? "\\N").join("\t")}\n`).join("");
  }
}
