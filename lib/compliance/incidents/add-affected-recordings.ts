import { and, eq, gte, inArray, lt, sql, type SQL } from "drizzle-orm";
import { z } from "zod";
import { lockOpenIncident, targetOf } from "@/lib/compliance/incidents/locked-incident";
import { AppError } from "@/lib/core/errors";
import { calendarDay, startOfDay } from "@/lib/core/time";
import { auditEvents, incidentRecordings, recordings } from "@/lib/db/schema";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";

/** One search adds at most so many recordings: more is said, and added in parts. */
const atMost = 100_000;

const accesses = ["recording.play_granted", "recording.download_granted", "recording.played", "recording.downloaded"];

const period = { from: calendarDay, to: calendarDay };

/** How the affected recordings are found; days are the controller's, both inclusive. */
const search = z.discriminatedUnion("how", [
  /** What somebody, or a system, played or downloaded on these days, by the audit log. */
  z.object({ how: z.literal("accessed_by"), actorId: z.uuid(), ...period }),
  /** The calls of a unit that began on these days. */
  z.object({ how: z.literal("unit_calls"), unitId: z.uuid(), ...period }),
  z.object({ how: z.literal("recording"), recordingId: z.uuid() }),
]);

export type AffectedSearch = z.input<typeof search>;

/**
 * Adds the recordings that an incident affected. Those that are there already stay once.
 * @throws AppError `invalid_input` if none is found, or more than 100,000; `not_found`, `conflict` of the incident.
 */
export const addAffectedRecordings = command({
  permission: "incident:manage",
  input: z.object({ incidentId: z.uuid(), search }),
  audits: ["incident.recordings_added"],
  run: async ({ tx, input: { incidentId, search: asked } }) => {
    const { number } = await lockOpenIncident(tx, incidentId);
    const found = tx
      .selectDistinct({ id: recordings.id })
      .from(recordings)
      .where(conditionOf(asked))
      .limit(atMost + 1);
    const count = await tx.$count(found.as("counted"));
    const refuse = (reason: string) => new AppError("invalid_input", reason, { fields: [{ path: "search", reason }] });
    if (count === 0) throw refuse("nothing_found");
    if (count > atMost) throw refuse("too_many_found");
    const inserted = await tx.execute(sql`insert into ${incidentRecordings} (incident_id, recording_id)
      select ${incidentId}::uuid, id from ${found.as("found")} on conflict do nothing`);
    const added = Number((inserted as unknown as { count: number }).count);
    const result = { found: count, added };
    if (added === 0) return { result, unchanged: true as const };
    const details = { incidentNumber: number, how: asked.how, recordingsFound: count, recordingsAdded: added };
    const target = targetOf(incidentId);
    return { result, audits: [auditEvent("incident.recordings_added", { target, details })] };
  },
});

function conditionOf(asked: z.output<typeof search>): SQL {
  if (asked.how === "recording") return eq(recordings.id, asked.recordingId);
  const [from, until] = [startOfDay(asked.from), startOfDay(asked.to, 1)];
  if (asked.how === "unit_calls")
    return and(eq(recordings.unitId, asked.unitId), gte(recordings.startedAt, from), lt(recordings.startedAt, until))!;
  const { actorId, action, occurredAt, targetId, targetType } = auditEvents;
  const isAccess = and(
    eq(actorId, asked.actorId),
    inArray(action, accesses),
    eq(targetType, "recording"),
    gte(occurredAt, from),
    lt(occurredAt, until),
  );
  return sql`${recordings.id} in (select ${targetId}::uuid from ${auditEvents} where ${isAccess})`;
}
