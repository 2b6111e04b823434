import { index, jsonb, pgTable, text } from "drizzle-orm/pg-core";
import { createdAt, id } from "@/lib/db/schema/columns";

/**
 * One control, tested against the live store: pass, fail, or not supported by the store.
 * `detail` is a code or a number, never an address or key.
 */
export type StorageControlResult = {
  control: string;
  outcome: "holds" | "fails" | "unsupported" | "unknown";
  detail: string | null;
};

/** The result of `storage check`. The portal shows the latest. */
export const storageChecks = pgTable(
  "storage_checks",
  {
    id: id(),
    /** Name of the store: "s3:aws". */
    store: text("store").notNull(),
    results: jsonb("results").$type<StorageControlResult[]>().notNull(),
    createdAt: createdAt(),
  },
  (table) => [index("storage_checks_created").on(table.createdAt, table.id)],
).enableRLS();
