import { bigint, date, integer, pgTable, unique, uuid } from "drizzle-orm/pg-core";
import { callDirection } from "@/lib/db/schema/recording-words";
import { queues, units } from "@/lib/db/schema/units";

/** What is left of recordings that were anonymised: how many, by month, unit, queue and direction. */
export const anonymisedCalls = pgTable(
  "anonymised_calls",
  {
    /** The first day of the month of the call, in the unit's zone. */
    month: date("month").notNull(),
    unitId: uuid("unit_id")
      .notNull()
      .references(() => units.id),
    queueId: uuid("queue_id").references(() => queues.id),
    direction: callDirection("direction").notNull(),
    recordings: integer("recordings").notNull(),
    durationMs: bigint("duration_ms", { mode: "number" }).notNull(),
  },
  (table) => [
    unique("anonymised_calls_group").on(table.month, table.unitId, table.queueId, table.direction).nullsNotDistinct(),
  ],
).enableRLS();
