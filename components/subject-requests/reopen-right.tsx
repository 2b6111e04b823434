"use client";

import { useTranslations } from "next-intl";
import { ReasonDialog } from "@/components/forms/reason-dialog";
import type { FormAction } from "@/components/forms/use-action-form";
import { Button } from "@/components/ui/button";
import type { RequestDetails } from "@/lib/subject-requests/read-request";

export type ReopenRightProps = {
  requestId: string;
  process: Pick<RequestDetails["rights"][number], "id" | "right">;
  action: FormAction<unknown>;
};

/** Reopens one right of a request, with a reason. */
export function ReopenRight({ requestId, process, action }: ReopenRightProps) {
  const t = useTranslations("subjectRequests");
  return (
    <ReasonDialog
      trigger={
        <Button size="small" aria-label={t("reopen.label", { right: t(`rights.${process.right}`) })}>
          {t("reopen.button")}
        </Button>
      }
      title={t("reopen.label", { right: t(`rights.${process.right}`) })}
      description={t("reopen.description")}
      label={t("reopen.reason")}
      send={t("reopen.button")}
      done={t("reopen.done")}
      action={action}
      fields={{ requestId, processId: process.id }}
    />
  );
}
