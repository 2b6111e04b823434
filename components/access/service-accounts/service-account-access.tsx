"use client";

import { useTranslations } from "next-intl";
import { ConfirmedAction } from "@/components/forms/confirmed-action";
import type { FormAction } from "@/components/forms/use-action-form";
import { Button } from "@/components/ui/button";

export type ServiceAccountAccessProps = {
  account: { id: string; name: string; active: boolean };
  validKeys: number;
  deactivateAction: FormAction<{ serviceAccountId: string }>;
  reactivateAction: FormAction<{ serviceAccountId: string }>;
};

/** Deactivates or reactivates a service account. */
export function ServiceAccountAccess({
  account: { id, name, active },
  validKeys,
  deactivateAction,
  reactivateAction,
}: ServiceAccountAccessProps) {
  const t = useTranslations("settings.serviceAccounts");
  const part = active ? "deactivate" : "reactivate";
  return (
    <ConfirmedAction
      key={part}
      trigger={<Button size="small">{t(`${part}.button`)}</Button>}
      tone={active ? "danger" : "primary"}
      title={t(`${part}.title`, { name })}
      description={t(`${part}.description`)}
      touches={active ? [t("deactivate.touches", { count: validKeys })] : []}
      confirmLabel={t(`${part}.confirm`)}
      action={active ? deactivateAction : reactivateAction}
      fields={{ serviceAccountId: id }}
      done={t(`${part}.done`, { name })}
    />
  );
}
