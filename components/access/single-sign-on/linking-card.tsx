"use client";

import { useTranslations } from "next-intl";
import { ConfirmedAction } from "@/components/forms/confirmed-action";
import type { FormAction } from "@/components/forms/use-action-form";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";

/** Whether accounts that exist are linked by the e-mail that the provider verified. */
export function LinkingCard({ isLinking, action }: { isLinking: boolean; action?: FormAction<{ allowed: boolean }> }) {
  const t = useTranslations("settings.singleSignOn.linking");
  const change = action ? (
    <ConfirmedAction
      trigger={<Button>{t(isLinking ? "disable" : "enable")}</Button>}
      tone="primary"
      title={t(isLinking ? "disableTitle" : "enableTitle")}
      description={t(isLinking ? "disableText" : "explain")}
      confirmLabel={t(isLinking ? "disable" : "enable")}
      action={action}
      fields={{ allowed: String(!isLinking) }}
      done={t("saved")}
    />
  ) : null;
  return (
    <Card aria-labelledby="linking">
      <CardHeader id="linking" title={t("title")} description={t("description")} actions={change} />
      <CardBody className="grid gap-2">
        <p>{t(isLinking ? "stateOn" : "stateOff")}</p>
        <p className="text-sm text-ink-muted">{t("explain")}</p>
      </CardBody>
    </Card>
  );
}
