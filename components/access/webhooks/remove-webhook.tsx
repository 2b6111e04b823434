"use client";

import { useTranslations } from "next-intl";
import { ConfirmedAction } from "@/components/forms/confirmed-action";
import type { FormAction } from "@/components/forms/use-action-form";
import { Button } from "@/components/ui/button";

export type RemoveWebhookProps = {
  account: { id: string; name: string };
  action: FormAction<{ serviceAccountId: string }>;
};

/** Stops sending messages to a phone system, after confirmation. */
export function RemoveWebhook({ account: { id, name }, action }: RemoveWebhookProps) {
  const t = useTranslations("webhooks.remove");
  return (
    <ConfirmedAction
      trigger={
        <Button size="small" aria-label={t("title", { name })}>
          {t("button")}
        </Button>
      }
      title={t("title", { name })}
      description={t("description")}
      touches={[t("touches")]}
      confirmLabel={t("confirm")}
      action={action}
      fields={{ serviceAccountId: id }}
      done={t("done")}
    />
  );
}
