import { sql } from "drizzle-orm";
import { customType, timestamp, uuid } from "drizzle-orm/pg-core";

/** Raw bytes: ciphertexts, digests, peaks. */
export const bytes = customType<{ data: Buffer; driverData: Buffer }>({
  dataType: () => "bytea",
  fromDriver: (value) => Buffer.from(value),
});

/** Transaction ids as Postgres counts them for ever (64 bit, never reused within a cluster). Travels as text. */
export const transactionId = customType<{ data: bigint; driverData: string }>({
  dataType: () => "xid8",
  fromDriver: (value) => BigInt(value),
  toDriver: (value) => value.toString(),
});

/** Bytes of an object that were sent, as a set of half-open ranges: "{[0,1024),[4096,8192)}". */
export const byteRanges = customType<{ data: string; driverData: string }>({ dataType: () => "int8multirange" });

/**
 * A flat JSON object kept as the text it was written in, with sorted keys: canonical in the sense of RFC 8785 as long as values are
 * scalars or lists of scalars. jsonb would reorder the keys.
 */
export const canonicalJson = <Value extends Record<string, unknown>>(name: string) =>
  customType<{ data: Value; driverData: unknown }>({
    dataType: () => "json",
    toDriver: (value) => JSON.stringify(value, Object.keys(value).sort()),
    fromDriver: (value) => (typeof value === "string" ? JSON.parse(value) : value) as Value,
  })(name);

/** UTC instant with the precision of JavaScript: a value read back equals the value written. */
export const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3 });

export const createdAt = () =>
  instant("created_at")
    .notNull()
    .default(sql`date_trunc('milliseconds', clock_timestamp())`);

export const id = () => uuid("id").primaryKey();
