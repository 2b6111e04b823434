import { index, pgTable, text } from "drizzle-orm/pg-core";
import { bytes, createdAt } from "@/lib/db/schema/columns";

/**
 * The data key of an envelope-encrypted object, wrapped by a key of the environment or of a key service.
 * Without this row no copy of the object can be decrypted.
 */
export const dataKeys = pgTable(
  "data_keys",
  {
    objectKey: text("object_key").primaryKey(),
    /** Identifies the wrapping key. */
    keyId: text("key_id").notNull(),
    wrappedKey: bytes("wrapped_key").notNull(),
    createdAt: createdAt(),
  },
  /** For the count of wrapping keys in use. */
  (table) => [index("data_keys_key").on(table.keyId)],
).enableRLS();
