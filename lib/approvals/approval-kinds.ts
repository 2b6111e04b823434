import type { Permission } from "@/lib/operation/permissions";
import { approvals } from "@/lib/db/schema/approvals";

export const approvalKinds = approvals.kind.enumValues;
export type ApprovalKind = (typeof approvalKinds)[number];

export type Approval = typeof approvals.$inferSelect;

/** Who may be the second person for each kind of question: the permission of the command that decides it. */
export const decidePermissions: Partial<Record<ApprovalKind, Permission>> = {
  policy_floor: "retention-policy:approve",
  hold_release: "legal-hold:approve-release",
  deletion_order: "deletion-order:approve",
};
