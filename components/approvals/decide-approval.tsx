"use client";

import { useTranslations } from "next-intl";
import { useApprovalEffect } from "@/components/approvals/approval-effect";
import { ConfirmedAction } from "@/components/forms/confirmed-action";
import type { FormAction } from "@/components/forms/use-action-form";
import { Button } from "@/components/ui/button";
import type { ApprovalRow } from "@/lib/overview/list-approvals";

export type DecideApprovalProps = {
  approval: Pick<
    ApprovalRow,
    "id" | "kind" | "effect" | "minimumReduction" | "state" | "payload" | "subject" | "subjectId" | "requestedBy"
  >;
  action: FormAction<unknown>;
};

/** The approver's two buttons. Each shows its effect and asks for confirmation. */
export function DecideApproval({ approval, action }: DecideApprovalProps) {
  const t = useTranslations("approvals");
  const effect = useApprovalEffect()(approval);
  const { id, kind, subject, subjectId, requestedBy } = approval;
  const description = t("decide.about", {
    subject: t("subject", { kind: t(`kinds.${kind}`), subject: subject ?? subjectId }),
    name: requestedBy,
  });
  const fields = (decision: string) => ({ approvalId: id, decision });
  return (
    <div className="flex flex-wrap gap-2">
      <ConfirmedAction
        trigger={<Button>{t("decide.reject")}</Button>}
        title={t("decide.rejectTitle")}
        description={description}
        confirmLabel={t("decide.reject")}
        tone="primary"
        action={action}
        fields={fields("rejected")}
        done={t("decide.rejected")}
      />
      <ConfirmedAction
        trigger={<Button variant="primary">{t("decide.approve")}</Button>}
        title={t("decide.approveTitle")}
        description={description}
        touches={effect}
        confirmLabel={t("decide.approve")}
        action={action}
        fields={fields("approved")}
        done={t("decide.approved")}
      />
    </div>
  );
}
