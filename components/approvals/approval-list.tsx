import { useTranslations } from "next-intl";
import { ApprovalEffect } from "@/components/approvals/approval-effect";
import { DecideApproval } from "@/components/approvals/decide-approval";
import { WithdrawApproval } from "@/components/approvals/withdraw-approval";
import type { FormAction } from "@/components/forms/use-action-form";
import { Badge, type Tone } from "@/components/ui/badge";
import { EmptyState } from "@/components/ui/empty-state";
import { TimeText } from "@/components/ui/time-text";
import type { ApprovalKind } from "@/lib/approvals/approval-kinds";
import type { ApprovalRow } from "@/lib/overview/list-approvals";

/** How each kind of approval request is decided and withdrawn. */
export type ApprovalActions = Partial<
  Record<ApprovalKind, { decide: FormAction<unknown>; withdraw?: FormAction<unknown> }>
>;

export type ApprovalListProps = {
  approvals: readonly ApprovalRow[];
  actions: ApprovalActions;
  emptyTitle: string;
  emptyDescription: string;
};

const tones: Record<ApprovalRow["state"], Tone> = {
  pending: "caution",
  approved: "positive",
  rejected: "danger",
  withdrawn: "neutral",
};

/** Lists approval requests: what, why, who requested it and when, and the decision. */
export function ApprovalList({ approvals, actions, emptyTitle, emptyDescription }: ApprovalListProps) {
  if (approvals.length === 0) return <EmptyState title={emptyTitle} description={emptyDescription} />;
  return (
    <ul className="divide-y divide-line">
      {approvals.map((approval) => (
        <li key={approval.id} className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3 px-4 py-3">
          <Approval approval={approval} />
          <Buttons approval={approval} actions={actions[approval.kind]} />
        </li>
      ))}
    </ul>
  );
}

function Approval({ approval }: { approval: ApprovalRow }) {
  const t = useTranslations("approvals");
  const { state, kind, subject, subjectId, reason, requestedBy, createdAt, decidedBy, decidedAt, decisionReason } =
    approval;
  return (
    <div className="grid min-w-0 max-w-prose gap-1">
      <h3 className="flex flex-wrap items-center gap-2 font-semibold">
        {t("subject", { kind: t(`kinds.${kind}`), subject: subject ?? subjectId })}
        <Badge tone={tones[state]}>{t(`states.${state}`)}</Badge>
      </h3>
      {reason ? <p className="break-words whitespace-pre-line">{reason}</p> : null}
      <ApprovalEffect approval={approval} />
      <p className="text-sm text-ink-muted">
        {t.rich("asked", { name: requestedBy, time: () => <TimeText value={createdAt} /> })}
      </p>
      {decidedAt ? (
        <p className="text-sm text-ink-muted">
          {t.rich(state === "withdrawn" ? "withdrawnAt" : "decidedAt", {
            name: decidedBy ?? requestedBy,
            time: () => <TimeText value={decidedAt} />,
          })}
        </p>
      ) : null}
      {decisionReason ? (
        <p className="break-words whitespace-pre-line">{t("decisionReason", { reason: decisionReason })}</p>
      ) : null}
    </div>
  );
}

function Buttons({ approval, actions }: { approval: ApprovalRow; actions: ApprovalActions[ApprovalKind] }) {
  const t = useTranslations("approvals");
  if (approval.state !== "pending" || !actions) return null;
  if (approval.mayDecide) return <DecideApproval approval={approval} action={actions.decide} />;
  if (!approval.isOwn) return null;
  return (
    <div className="flex flex-wrap items-center gap-3">
      <span className="text-sm text-ink-muted">{t("ownRequest")}</span>
      {actions.withdraw ? <WithdrawApproval approvalId={approval.id} action={actions.withdraw} /> : null}
    </div>
  );
}
