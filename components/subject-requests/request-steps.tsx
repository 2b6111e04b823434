"use client";

import { useTranslations } from "next-intl";
import { ConfirmedAction } from "@/components/forms/confirmed-action";
import { ReasonDialog } from "@/components/forms/reason-dialog";
import type { FormAction } from "@/components/forms/use-action-form";
import { Button } from "@/components/ui/button";
import type { RequestDetails } from "@/lib/subject-requests/read-request";

export type RequestStepsProps = {
  request: Pick<RequestDetails, "id" | "rights">;
  start: FormAction<unknown>;
  withdraw: FormAction<unknown>;
};

/** The steps that the whole request may take. Nothing is shown for a step that no right may take. */
export function RequestSteps({ request: { id, rights }, start, withdraw }: RequestStepsProps) {
  const t = useTranslations("subjectRequests");
  const mayTake = (step: "start" | "withdraw") => rights.some(({ steps }) => steps.includes(step));
  return (
    <>
      {mayTake("withdraw") ? (
        <ReasonDialog
          trigger={<Button>{t("withdraw.button")}</Button>}
          title={t("withdraw.button")}
          description={t("withdraw.description")}
          label={t("withdraw.reason")}
          send={t("withdraw.button")}
          done={t("withdraw.done")}
          action={withdraw}
          fields={{ requestId: id }}
        />
      ) : null}
      {mayTake("start") ? (
        <ConfirmedAction
          trigger={<Button variant="primary">{t("start.button")}</Button>}
          title={t("start.button")}
          description={t("start.description")}
          confirmLabel={t("start.button")}
          action={start}
          fields={{ requestId: id }}
          done={t("start.done")}
        />
      ) : null}
    </>
  );
}
