import { eq, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { z } from "zod";
import type { Actor } from "@/lib/operation/actor";
import { isAllowed } from "@/lib/operation/permissions";
import { storeScanFindings, recordings, units, users } from "@/lib/db/schema";
import type { DiscrepancyKind } from "@/lib/store-scan/found-discrepancy";
import { findingState, isSevere } from "@/lib/store-scan/list-findings";
import { AppError } from "@/lib/core/errors";
import { query } from "@/lib/operation/operation";
import { isHeld } from "@/lib/recordings/may-be-deleted";

/** What can be done about a finding. */
export const findingRemedies = ["remove_object", "recheck", "admit_loss", "retry", "acknowledge"] as const;
export type FindingRemedy = (typeof findingRemedies)[number];

const acknowledger = alias(users, "acknowledger");
const orderer = alias(users, "orderer");
const resolver = alias(users, "resolver");

/** One finding with everything that is known of it, and what the actor may do about it. @throws AppError `not_found` */
export const readFinding = query({
  permission: "store-scan:read",
  input: z.object({ findingId: z.uuid() }),
  run: async ({ db, actor, input: { findingId } }) => {
    const {
      id,
      kind,
      recordingId,
      facts,
      createdAt,
      lastSeenAt,
      acknowledgedAt,
      acknowledgement,
      removalOrderedAt,
      resolvedAt,
      resolution,
    } = storeScanFindings;
    const [row] = await db
      .select({
        ...{
          id,
          kind,
          recordingId,
          facts,
          createdAt,
          lastSeenAt,
          acknowledgedAt,
          acknowledgement,
          removalOrderedAt,
          resolvedAt,
          resolution,
        },
        ...{ acknowledgedBy: acknowledger.name, removalOrderedBy: orderer.name, resolvedBy: resolver.name },
        recording: {
          state: recordings.state,
          unit: units.name,
          startedAt: recordings.startedAt,
          timeZone: units.timeZone,
          minimumUntil: recordings.minimumUntil,
        },
        isHeld: sql<boolean>`${isHeld()}`,
      })
      .from(storeScanFindings)
      .leftJoin(recordings, eq(recordings.id, recordingId))
      .leftJoin(units, eq(units.id, recordings.unitId))
      .leftJoin(acknowledger, eq(acknowledger.id, storeScanFindings.acknowledgedById))
      .leftJoin(orderer, eq(orderer.id, storeScanFindings.removalOrderedById))
      .leftJoin(resolver, eq(resolver.id, storeScanFindings.resolvedById))
      .where(eq(id, findingId));
    if (!row) throw new AppError("not_found", "no such finding");
    const recording = row.recording?.state ? row.recording : null;
    return {
      ...row,
      recording,
      state: findingState(row),
      isSevere: isSevere(row.kind),
      remedies: remediesOf(row, actor),
    };
  },
});

export type FindingDetails = Awaited<ReturnType<typeof readFinding>>;

const ofKind: Record<DiscrepancyKind, readonly FindingRemedy[]> = {
  object_without_recording: ["remove_object", "acknowledge"],
  object_missing: ["recheck", "admit_loss", "acknowledge"],
  content_changed: ["recheck", "acknowledge"],
  encryption_changed: ["recheck", "acknowledge"],
  ticket_never_completed: ["retry", "acknowledge"],
  empty_audio: ["acknowledge"],
  past_retention: ["retry", "acknowledge"],
  hold_not_locked: ["retry", "acknowledge"],
};

function remediesOf(
  {
    kind,
    facts,
    resolvedAt,
    removalOrderedAt,
  }: Pick<typeof storeScanFindings.$inferSelect, "kind" | "facts" | "resolvedAt" | "removalOrderedAt">,
  actor: Actor,
): FindingRemedy[] {
  if (resolvedAt !== null) return [];
  const isOffered: Record<FindingRemedy, boolean> = {
    remove_object:
      isAllowed(actor, "store-scan:remove-object") && facts.place === "recordings" && removalOrderedAt === null,
    recheck: isAllowed(actor, "store-scan:remedy"),
    admit_loss: isAllowed(actor, "store-scan:admit-loss"),
    retry: isAllowed(actor, "store-scan:remedy") && facts.lock !== "no_version",
    acknowledge: isAllowed(actor, "store-scan:remedy"),
  };
  return ofKind[kind].filter((remedy) => isOffered[remedy]);
}
