"use client";

import { useTranslations } from "next-intl";
import { ConfirmedAction } from "@/components/forms/confirmed-action";
import type { FormAction } from "@/components/forms/use-action-form";
import { Button } from "@/components/ui/button";
import type { DecidableRight } from "@/lib/subject-requests/deciding/read-decisions";

type SubmitDecisionProps = { requestId: string; right: DecidableRight; action: FormAction<unknown> };

/** Sends the decision on a right, once each recording, or the right as a whole, has one. */
export function SubmitDecision({ requestId, right, action }: SubmitDecisionProps) {
  const t = useTranslations("subjectRequests");
  const { missing, expected } = right;
  if (missing > 0 || expected === null) return null;
  return (
    <ConfirmedAction
      trigger={<Button variant="primary">{t("deciding.submit")}</Button>}
      title={t("deciding.submitTitle", { right: t(`rights.${right.right}`) })}
      description={t("deciding.submitHint", { outcome: t(`outcomes.${expected}`) })}
      confirmLabel={t("deciding.submit")}
      tone="primary"
      action={action}
      fields={{ requestId, processId: right.id }}
      done={t("deciding.submitted")}
    />
  );
}
