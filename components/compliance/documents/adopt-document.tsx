"use client";

import { useTranslations } from "next-intl";
import { ConfirmedAction } from "@/components/forms/confirmed-action";
import type { FormAction } from "@/components/forms/use-action-form";
import { Button } from "@/components/ui/button";

type AdoptDocumentProps = { kind: string; version: number; action: FormAction<unknown> };

/** Adopts a draft, after confirmation. */
export function AdoptDocument({ kind, version, action }: AdoptDocumentProps) {
  const t = useTranslations("compliance.documents");
  return (
    <ConfirmedAction
      trigger={<Button variant="primary">{t("adopt")}</Button>}
      title={t("adoptTitle", { version })}
      description={t("adoptHint")}
      confirmLabel={t("adopt")}
      tone="primary"
      action={action}
      fields={{ kind, version: String(version) }}
      done={t("adopted")}
    />
  );
}
