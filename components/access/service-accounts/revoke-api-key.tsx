"use client";

import { useTranslations } from "next-intl";
import { ConfirmedAction } from "@/components/forms/confirmed-action";
import type { FormAction } from "@/components/forms/use-action-form";
import { Button } from "@/components/ui/button";

export type RevokeApiKeyProps = { apiKey: { id: string; prefix: string }; action: FormAction<{ apiKeyId: string }> };

/** Revokes a key permanently, after confirmation. */
export function RevokeApiKey({ apiKey: { id, prefix }, action }: RevokeApiKeyProps) {
  const t = useTranslations("settings.keys.revoke");
  return (
    <ConfirmedAction
      trigger={
        <Button size="small" aria-label={t("label", { prefix })}>
          {t("button")}
        </Button>
      }
      title={t("title", { prefix })}
      description={t("description")}
      touches={[t("touches")]}
      confirmLabel={t("confirm")}
      action={action}
      fields={{ apiKeyId: id }}
      done={t("done")}
    />
  );
}
