import { and, desc, eq, gte, isNull, lt, or, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { z } from "zod";
import { changedFacts, noFacts } from "@/lib/access/controller/controller-facts";
import { rowLimit } from "@/lib/core/page-input";
import { pick } from "@/lib/core/pick";
import { calendarDay, startOfDay } from "@/lib/core/time";
import { controllerVersions, users } from "@/lib/db/schema";
import { query } from "@/lib/operation/operation";

const input = z.object({
  /** Only versions in force at some time of this calendar day, in the controller's zone. */
  on: calendarDay.optional(),
  /** Cursor: the last version of the previous page. */
  before: z.coerce.number().int().min(1).max(1_000_000_000).optional(),
  limit: rowLimit(100, 20),
});

/** One page of the versions of the controller's settings, newest first: who was the encarregado on a date. */
export const listControllerVersions = query({
  permission: "controller:read",
  input,
  run: async ({ db, input: { on, before, limit } }) => {
    const { version, createdAt } = controllerVersions;
    const inForce =
      on === undefined
        ? undefined
        : and(lt(createdAt, startOfDay(on, 1)), or(isNull(next.id), gte(next.createdAt, startOfDay(on))));
    const found = await db
      .select({ row: controllerVersions, earlier: previous, until: next.createdAt, savedBy: users.name })
      .from(controllerVersions)
      .innerJoin(users, eq(users.id, controllerVersions.createdById))
      .leftJoin(previous, eq(previous.version, sql`${version} - 1`))
      .leftJoin(next, eq(next.version, sql`${version} + 1`))
      .where(and(before === undefined ? undefined : lt(version, before), inForce))
      .orderBy(desc(version))
      .limit(limit + 1);
    const versions = found.slice(0, limit).map(({ row, earlier, until, savedBy }) => ({
      ...pick(row, "version", ...shownFacts),
      savedAt: row.createdAt,
      /** When the next version replaced it; null: it is in force. */
      until,
      savedBy,
      changed: changedFacts(earlier ?? noFacts, row),
    }));
    return { versions, nextCursor: found.length > limit ? String(versions.at(-1)!.version) : null };
  },
});

export type ControllerVersion = Awaited<ReturnType<typeof listControllerVersions>>["versions"][number];

const shownFacts = [
  "legalName",
  "officerName",
  "officerFirm",
  "officerAppointment",
  "officerAppointedOn",
  "substituteName",
  "substituteAppointment",
  "substituteAppointedOn",
  "smallAgent",
  "smallAgentReason",
] as const;

const previous = alias(controllerVersions, "previous");
const next = alias(controllerVersions, "next");
