import { and, eq, inArray, isNotNull, isNull, sql, type SQL } from "drizzle-orm";
import { z } from "zod";
import { keysetReading } from "@/lib/db/keyset-reading";
import { pageFields } from "@/lib/core/page-input";
import { storeScanFindings, discrepancyKinds } from "@/lib/db/schema/store-scan";
import { severeKinds, type DiscrepancyKind } from "@/lib/store-scan/found-discrepancy";
import { keysetPage } from "@/lib/core/keyset-cursor";
import { query } from "@/lib/operation/operation";

export const findingStates = ["open", "acknowledged", "resolved"] as const;
export type FindingState = (typeof findingStates)[number];

/** The filters of the list. Without a state: what is not resolved. */
export const findingFilters = z.object({
  kind: z.enum(discrepancyKinds).optional(),
  state: z.enum(findingStates).optional(),
});

const input = findingFilters.extend({
  ...pageFields(100, 50),
});

/** One page of findings, the latest first, without object keys. */
export const listFindings = query({
  permission: "store-scan:read",
  input,
  run: async ({ db, input: request }) => {
    const {
      id,
      kind,
      recordingId,
      facts,
      createdAt,
      lastSeenAt,
      acknowledgedAt,
      removalOrderedAt,
      resolvedAt,
      resolution,
    } = storeScanFindings;
    const reading = keysetReading({ sort: createdAt, id }, request);
    const rows = await db
      .select({
        id,
        kind,
        recordingId,
        facts,
        createdAt,
        lastSeenAt,
        acknowledgedAt,
        removalOrderedAt,
        resolvedAt,
        resolution,
      })
      .from(storeScanFindings)
      .where(
        and(isInState(request.state), request.kind === undefined ? undefined : eq(kind, request.kind), reading.where),
      )
      .orderBy(...reading.orderBy)
      .limit(reading.limit);
    const described = rows.map((row) => ({ ...row, state: findingState(row), isSevere: isSevere(row.kind) }));
    return keysetPage(described, request, (row) => ({ value: row.createdAt.toISOString(), id: row.id }));
  },
});

export type FindingRow = Awaited<ReturnType<typeof listFindings>>["rows"][number];

export function findingState({
  acknowledgedAt,
  resolvedAt,
}: {
  acknowledgedAt: Date | null;
  resolvedAt: Date | null;
}): FindingState {
  return resolvedAt !== null ? "resolved" : acknowledgedAt !== null ? "acknowledged" : "open";
}

export const isSevere = (kind: DiscrepancyKind): boolean => (severeKinds as readonly string[]).includes(kind);

/** Open, severe, and not justified by anybody. */
export const isAlarming = sql`${storeScanFindings.resolvedAt} is null and ${storeScanFindings.acknowledgedAt} is null
  and ${inArray(storeScanFindings.kind, [...severeKinds])}`;

function isInState(state: FindingState | undefined): SQL {
  const { acknowledgedAt, resolvedAt } = storeScanFindings;
  if (state === undefined) return isNull(resolvedAt);
  if (state === "resolved") return isNotNull(resolvedAt);
  return and(isNull(resolvedAt), state === "acknowledged" ? isNotNull(acknowledgedAt) : isNull(acknowledgedAt))!;
}
