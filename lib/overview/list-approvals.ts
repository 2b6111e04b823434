import { decryptField } from "@/lib/core/crypto/field-encryption";
import { and, eq, ne, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { z } from "zod";
import { keysetReading } from "@/lib/db/keyset-reading";
import { pageFields } from "@/lib/core/page-input";
import { decidePermissions } from "@/lib/approvals/approval-kinds";
import { isAllowed } from "@/lib/operation/permissions";
import type { ReadDatabase } from "@/lib/db/client";
import { approvals, legalHolds, retentionPolicies, users } from "@/lib/db/schema";
import { keysetPage } from "@/lib/core/keyset-cursor";
import { releaseEffects } from "@/lib/legal-holds/release/release-effects";
import { query } from "@/lib/operation/operation";
import { minimumReductions } from "@/lib/retention/policies/minimum-reductions";
import { mayApprove } from "@/lib/subject-requests/deciding/approvers";
import { isOneself } from "@/lib/access/users/user-rows";

const input = z.object({
  /** Pending, or already decided or withdrawn. */
  state: z.enum(["pending", "decided"]),
  ...pageFields(100, 50),
});

type ListInput = z.output<typeof input>;

/** One page of approval requests, newest first, each with its subject and whether the actor may decide it. */
export const listApprovals = query({
  permission: "approval:list",
  input,
  run: async ({ db, actor, input: request }) => {
    const found = await rowsOf(db, request);
    const holdIds = found
      .filter(({ kind, state }) => kind === "hold_release" && state === "pending")
      .map(({ subjectId }) => subjectId);
    const [effects, reductions] = [await releaseEffects(db, holdIds), await minimumReductions(db, found)];
    const mayApproveRequests = await mayApprove(db, actor);
    const rows = found.map(({ decisionReasonEncrypted, ...row }) => {
      const permission = decidePermissions[row.kind];
      const mayDecide =
        row.state === "pending" &&
        permission !== undefined &&
        isAllowed(actor, permission) &&
        (row.kind !== "subject_request" || mayApproveRequests) &&
        !isOneself(actor, row.requestedById);
      return {
        ...row,
        decisionReason: decisionReasonEncrypted && decryptField("approval.decision_reason", decisionReasonEncrypted),
        mayDecide,
        isOwn: isOneself(actor, row.requestedById),
        effect: effects.get(row.subjectId) ?? null,
        minimumReduction: reductions.get(row.id) ?? null,
      };
    });
    return keysetPage(rows, request, ({ createdAt, id }) => ({ value: createdAt.toISOString(), id }));
  },
});

export type ApprovalRow = Awaited<ReturnType<typeof listApprovals>>["rows"][number];

const requester = alias(users, "requester");
const decider = alias(users, "decider");

function rowsOf(db: ReadDatabase, request: ListInput) {
  const { id, kind, subjectId, payload, reason, state, createdAt, requestedById, decidedAt, decisionReasonEncrypted } =
    approvals;
  const reading = keysetReading({ sort: createdAt, id }, request);
  return db
    .select({
      id,
      kind,
      subjectId,
      payload,
      reason,
      state,
      createdAt,
      requestedById,
      decidedAt,
      decisionReasonEncrypted,
      requestedBy: requester.name,
      decidedBy: decider.name,
      subject: sql<
        string | null
      >`coalesce(${legalHolds.matter}, ${retentionPolicies.name}, ${payload} #>> '{change,terms,name}',
        ${payload} ->> 'protocol')`,
    })
    .from(approvals)
    .innerJoin(requester, eq(requester.id, requestedById))
    .leftJoin(decider, eq(decider.id, approvals.decidedById))
    .leftJoin(legalHolds, and(eq(legalHolds.id, subjectId), eq(kind, "hold_release")))
    .leftJoin(retentionPolicies, and(eq(retentionPolicies.id, subjectId), eq(kind, "policy_floor")))
    .where(and(request.state === "pending" ? eq(state, "pending") : ne(state, "pending"), reading.where))
    .orderBy(...reading.orderBy)
    .limit(reading.limit);
}
