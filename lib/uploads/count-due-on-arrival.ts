import { inArray } from "drizzle-orm";
import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { env } from "@/lib/core/env";
import type { ReadDatabase } from "@/lib/db/client";
import { queues, units } from "@/lib/db/schema";
import { query } from "@/lib/operation/operation";
import { isInFuture } from "@/lib/recordings/doubtful-date";
import { datesCalculator } from "@/lib/retention/dates-calculator";
import { activePolicies } from "@/lib/retention/policies/policy-rows";
import { uploadRequest } from "@/lib/uploads/upload-request";

const { direction } = uploadRequest.shape;
/** What no recording may have is not refused here: its upload is. */
const code = z.string().trim().toLowerCase().max(100);
const startedAt = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

/** Calls with the same facts, and how many recordings they have. Nothing in it names a person or a call. */
export const arrivals = z.strictObject({
  arrivals: z
    .array(
      z.strictObject({
        unit: code.describe("Code of the unit"),
        queue: code.nullish().describe("Code of the queue"),
        direction,
        callKind: code.nullish().describe("Call type"),
        startedAt: startedAt.describe("Start of a call, RFC 3339 with offset, to the quarter of an hour"),
        recordings: z.int().min(1).max(1e9).describe("Recordings with these facts"),
      }),
    )
    .min(1)
    .max(100),
});

export const dueOnArrival = z.object({
  due: z
    .array(z.object({ policy: z.string().describe("Name of the retention policy"), recordings: z.int() }))
    .describe("Recordings whose retention is over already, by the policy that gives their date"),
  future: z.int().describe("Recordings whose call would begin more than a day from now"),
});

type Arrival = z.output<typeof arrivals>["arrivals"][number];

/**
 * Counts before an import what would be past its retention on arrival, by policy. Nothing is written. Recordings of a
 * unit that does not exist are in no count: their upload is refused.
 * @throws AppError `default_policy_required`.
 */
export const countDueOnArrival = query({
  permission: "recording:upload",
  input: arrivals,
  run: async ({ db, input: { arrivals: given } }): Promise<z.output<typeof dueOnArrival>> => {
    const policies = await activePolicies(db);
    if (!policies.some(({ isDefault }) => isDefault))
      throw new AppError("default_policy_required", "there is no default retention policy");
    const placeOf = await placesOf(db, given);
    const names = new Map(policies.map(({ id, name }) => [id, name]));
    const datesOf = datesCalculator(policies, env().CONTROLLER_TIME_ZONE);
    const due = new Map<string, number>();
    const now = new Date();
    let future = 0;
    for (const arrival of given) {
      const place = placeOf(arrival);
      if (!place) continue;
      if (isInFuture(arrival.startedAt, now)) future += arrival.recordings;
      const facts = { ...place, direction: arrival.direction, callKind: arrival.callKind ?? null };
      const dates = datesOf({ ...facts, startedAt: arrival.startedAt, triggers: {} })!;
      if (dates.retainUntil > now) continue;
      const policy = names.get(dates.retentionPolicyId)!;
      due.set(policy, (due.get(policy) ?? 0) + arrival.recordings);
    }
    return { due: [...due].map(([policy, recordings]) => ({ policy, recordings })), future };
  },
});

/** A queue that does not exist yet matches no policy of a queue. */
async function placesOf(db: ReadDatabase, given: readonly Arrival[]) {
  const codes = [...new Set(given.map((arrival) => arrival.unit))];
  const unitRows = await db.select({ id: units.id, code: units.code }).from(units).where(inArray(units.code, codes));
  const unitIds = new Map(unitRows.map(({ id, code }) => [code, id]));
  const queueCodes = [...new Set(given.flatMap((arrival) => arrival.queue ?? []))];
  const queueRows = await db
    .select({ id: queues.id, unitId: queues.unitId, code: queues.code })
    .from(queues)
    .where(inArray(queues.code, queueCodes));
  const queueIds = new Map(queueRows.map(({ id, unitId, code }) => [`${unitId} ${code}`, id]));
  return (arrival: Arrival) => {
    const unitId = unitIds.get(arrival.unit);
    return unitId && { unitId, queueId: queueIds.get(`${unitId} ${arrival.queue}`) ?? null };
  };
}
