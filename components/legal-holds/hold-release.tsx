import { useTranslations } from "next-intl";
import { ApprovalEffect } from "@/components/approvals/approval-effect";
import { DecideApproval } from "@/components/approvals/decide-approval";
import { WithdrawApproval } from "@/components/approvals/withdraw-approval";
import type { FormAction } from "@/components/forms/use-action-form";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { TimeText } from "@/components/ui/time-text";
import type { HoldDetails } from "@/lib/legal-holds/read-hold";

export type HoldReleaseProps = { hold: HoldDetails; decide: FormAction<unknown>; withdraw: FormAction<unknown> };

/** Shows the pending release request: who requested it, why, its effect, and the reader's actions. */
export function HoldRelease({ hold, decide, withdraw }: HoldReleaseProps) {
  const t = useTranslations();
  const { request } = hold;
  if (request === null) return null;
  const approval = {
    id: request.id,
    kind: "hold_release",
    state: "pending",
    subject: hold.matter,
    subjectId: hold.id,
    requestedBy: request.requestedBy,
    effect: hold.effect,
    minimumReduction: null,
    payload: {},
  } as const;
  const sentence = request.isOwn
    ? t("holds.release.own")
    : request.mayDecide
      ? null
      : t("holds.release.others", { name: request.requestedBy });
  return (
    <Card aria-labelledby="release">
      <CardHeader id="release" title={t("holds.release.title")} />
      <CardBody className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="grid min-w-0 max-w-prose gap-1">
          <p className="break-words whitespace-pre-line">{request.reason}</p>
          <ApprovalEffect approval={approval} />
          <p className="text-sm text-ink-muted">
            {t.rich("approvals.asked", {
              name: request.requestedBy,
              time: () => <TimeText value={request.createdAt} />,
            })}
          </p>
          {sentence ? <p className="font-medium">{sentence}</p> : null}
        </div>
        {request.mayDecide ? <DecideApproval approval={approval} action={decide} /> : null}
        {request.isOwn ? <WithdrawApproval approvalId={request.id} action={withdraw} /> : null}
      </CardBody>
    </Card>
  );
}
