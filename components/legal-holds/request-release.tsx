"use client";

import { useTranslations } from "next-intl";
import { ReasonDialog } from "@/components/forms/reason-dialog";
import type { FormAction } from "@/components/forms/use-action-form";
import { Button } from "@/components/ui/button";

/** Requests the release of a hold, which another user must approve. */
export function RequestRelease({ holdId, action }: { holdId: string; action: FormAction<unknown> }) {
  const t = useTranslations("holds.release");
  return (
    <ReasonDialog
      trigger={<Button>{t("button")}</Button>}
      title={t("button")}
      description={t("description")}
      label={t("reason")}
      send={t("send")}
      done={t("done")}
      action={action}
      fields={{ holdId }}
    />
  );
}
