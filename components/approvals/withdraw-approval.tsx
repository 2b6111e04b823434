"use client";

import { useTranslations } from "next-intl";
import { ConfirmedAction } from "@/components/forms/confirmed-action";
import type { FormAction } from "@/components/forms/use-action-form";
import { Button } from "@/components/ui/button";

/** Withdraws the reader's own approval request. */
export function WithdrawApproval({ approvalId, action }: { approvalId: string; action: FormAction<unknown> }) {
  const t = useTranslations("approvals.withdraw");
  return (
    <ConfirmedAction
      trigger={<Button>{t("button")}</Button>}
      title={t("title")}
      description={t("description")}
      confirmLabel={t("button")}
      tone="primary"
      action={action}
      fields={{ approvalId }}
      done={t("done")}
    />
  );
}
