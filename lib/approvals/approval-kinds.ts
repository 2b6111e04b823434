import type { Permission } from "@/lib/operation/permissions";
import { approvals } from "@/lib/db/schema/approvals";

export const approvalKinds = approvals.kind.enumValues;
export type ApprovalKind = (typeof approvalKinds)[number];

export type Approval = typeof approvals.$inferSelect;

/** The permission that the second person needs for each kind of approval request: that of the deciding command. */
export const decidePermissions: Partial<Record<ApprovalKind, Permission>> = {
  policy_floor: "retention-policy:approve",
  hold_release: "legal-hold:approve-release",
  deletion_order: "deletion-order:approve",
  subject_request: "subject-request:approve",
};
