import { drizzle, type PostgresJsDatabase } from "drizzle-orm/postgres-js";
import postgres, { type Sql } from "postgres";
import * as schema from "@/lib/db/schema";
import { env } from "@/lib/core/env";
import { processWide } from "@/lib/core/process-wide";

/** `$client` is for streams (COPY, cursors), which drizzle does not support. */
export type Database = PostgresJsDatabase<typeof schema> & { $client: Sql };
export type Transaction = Parameters<Parameters<Database["transaction"]>[0]>[0];

/** What a query operation receives: it can read, and has no method that writes. */
export type ReadDatabase = Pick<
  Database,
  "select" | "selectDistinct" | "selectDistinctOn" | "with" | "$with" | "$count"
>;

/** Opens a pool, which the caller closes with `end()`. The portal's own pool lives as long as the process. */
export function openDatabase(url: string, options: { max?: number } = {}): { db: Database; end: () => Promise<void> } {
  const client = postgres(url, {
    max: options.max ?? 10,
    connect_timeout: 5,
    // By default postgres.js waits up to 20 seconds before it connects again, all connections together.
    backoff: (retries: number) => Math.min(1, 0.05 * 2 ** retries),
    idle_timeout: 60,
    prepare: env().DATABASE_PREPARED_STATEMENTS,
    onnotice: () => undefined,
    connection: {
      application_name: "custodia",
      statement_timeout: 30_000,
      idle_in_transaction_session_timeout: 30_000,
    },
  });
  return { db: drizzle(preparing(client), { schema }), end: () => client.end({ timeout: 5 }) };
}

/**
 * Makes drizzle use prepared statements, which save one round trip per statement.
 * Set DATABASE_PREPARED_STATEMENTS=false behind a pooler that does not support them (transaction mode).
 */
function preparing<Client extends postgres.Sql | postgres.TransactionSql>(client: Client): Client {
  const unsafe = client.unsafe.bind(client);
  client.unsafe = ((text, parameters = [], options = {}) =>
    unsafe(text, parameters, { ...options, prepare: parameters.length > 0 })) as Client["unsafe"];
  if ("begin" in client) {
    const begin = client.begin.bind(client) as (work: (tx: postgres.TransactionSql) => unknown) => Promise<unknown>;
    client.begin = ((work: (tx: postgres.TransactionSql) => unknown) =>
      begin((tx) => work(preparing(tx)))) as typeof client.begin;
  }
  return client;
}

const holder = processWide as { custodiaDatabase?: ReturnType<typeof openDatabase> };

/**
 * The pool of this process. Only `lib/operation/operation.ts`, the audit sealer and streaming exports use it directly.
 */
export function database(): Database {
  return (holder.custodiaDatabase ??= openDatabase(env().DATABASE_URL)).db;
}

/** Closes the pool of this process. For commands that exit. */
export async function closeDatabase(): Promise<void> {
  await holder.custodiaDatabase?.end();
  holder.custodiaDatabase = undefined;
}
