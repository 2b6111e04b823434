import { sql } from "drizzle-orm";
import { customType, timestamp, uuid } from "drizzle-orm/pg-core";

/** Raw bytes: ciphertexts, digests, peaks. */
export const bytes = customType<{ data: Buffer; driverData: Buffer }>({
  dataType: () => "bytea",
  fromDriver: (value) => Buffer.from(value),
});

/** PostgreSQL transaction ids: 64 bits, never reused within a cluster. Passed as text. */
export const transactionId = customType<{ data: bigint; driverData: string }>({
  dataType: () => "xid8",
  fromDriver: (value) => BigInt(value),
  toDriver: (value) => value.toString(),
});

/** Byte ranges of an object that were sent, as half-open ranges: "{[0,1024),[4096,8192)}". */
export const byteRanges = customType<{ data: string; driverData: string }>({ dataType: () => "int8multirange" });

/**
 * A flat JSON object stored as its original text with sorted keys. It is canonical (RFC 8785) while values are scalars
 * or lists of scalars.
 * jsonb would reorder the keys.
 */
export const canonicalJson = <Value extends Record<string, unknown>>(name: string) =>
  customType<{ data: Value; driverData: unknown }>({
    dataType: () => "json",
    toDriver: (value) => JSON.stringify(value, Object.keys(value).sort()),
    fromDriver: (value) => (typeof value === "string" ? JSON.parse(value) : value) as Value,
  })(name);

/** UTC timestamp with the precision of JavaScript: a value read back equals the value written. */
export const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3 });

/**
 * The database's clock, in the precision of `instant`: several machines may work on one thing, and their clocks differ.
 */
export const databaseNow = sql`date_trunc('milliseconds', clock_timestamp())`;

/** The start of the transaction, in the same precision: one time for all that a command writes. */
export const transactionNow = sql`date_trunc('milliseconds', now())`;

export const createdAt = () => instant("created_at").notNull().default(databaseNow);

export const id = () => uuid("id").primaryKey();
