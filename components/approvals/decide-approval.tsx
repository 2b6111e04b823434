"use client";

import { useTranslations } from "next-intl";
import { useApprovalEffect } from "@/components/approvals/approval-effect";
import { ConfirmedAction } from "@/components/forms/confirmed-action";
import type { FormAction } from "@/components/forms/use-action-form";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Textarea } from "@/components/ui/textarea";
import type { ApprovalRow } from "@/lib/overview/list-approvals";

export type DecideApprovalProps = {
  approval: Pick<
    ApprovalRow,
    "id" | "kind" | "effect" | "minimumReduction" | "state" | "payload" | "subject" | "subjectId" | "requestedBy"
  >;
  action: FormAction<unknown>;
};

/** The approver's two buttons. The dialog of each says what will happen and asks why. */
export function DecideApproval({ approval, action }: DecideApprovalProps) {
  const t = useTranslations("approvals");
  const effect = useApprovalEffect()(approval);
  const { id, kind, subject, subjectId, requestedBy } = approval;
  const description = t("decide.about", {
    subject: t("subject", { kind: t(`kinds.${kind}`), subject: subject ?? subjectId }),
    name: requestedBy,
  });
  const fields = (decision: string) => ({ approvalId: id, decision });
  const reason = (
    <Field id={`reason-${id}`} label={t("decide.reason")} hint={t("decide.reasonHint")}>
      <Textarea name="reason" required minLength={10} maxLength={2000} />
    </Field>
  );
  return (
    <div className="flex flex-wrap gap-2">
      <ConfirmedAction
        trigger={<Button>{t("decide.reject")}</Button>}
        title={t("decide.rejectTitle")}
        description={description}
        confirmLabel={t("decide.reject")}
        touches={[t(`decide.willReject.${kind}`)]}
        tone="primary"
        action={action}
        fields={fields("rejected")}
        done={t("decide.rejected")}
      >
        {reason}
      </ConfirmedAction>
      <ConfirmedAction
        trigger={<Button variant="primary">{t("decide.approve")}</Button>}
        title={t("decide.approveTitle")}
        description={description}
        touches={[...effect, t(`decide.willApprove.${kind}`)]}
        confirmLabel={t("decide.approve")}
        action={action}
        fields={fields("approved")}
        done={t("decide.approved")}
      >
        {reason}
      </ConfirmedAction>
    </div>
  );
}
