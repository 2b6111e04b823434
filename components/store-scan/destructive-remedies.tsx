"use client";

import { useTranslations } from "next-intl";
import { ConfirmedAction } from "@/components/settings/confirmed-action";
import type { FormAction } from "@/components/settings/use-action-form";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Textarea } from "@/components/ui/textarea";

type DestructiveProps = { findingId: string; action: FormAction<unknown> };

/** Asks, then has audio that belongs to no recording deleted from every store. `size` is in words. */
export function RemoveObject({ findingId, size, action }: DestructiveProps & { size: string }) {
  const t = useTranslations("storeScan.remedies.removeObject");
  return (
    <ConfirmedAction
      trigger={
        <Button variant="danger" className="justify-self-start">
          {t("button")}
        </Button>
      }
      title={t("title")}
      description={t("description")}
      touches={[t("object", { size }), t("stores"), t("key")]}
      confirmLabel={t("confirm")}
      action={action}
      fields={{ findingId }}
      done={t("done")}
    />
  );
}

/** Asks how it was lost, then lets what is left of the recording go. */
export function AdmitLoss({ findingId, action }: DestructiveProps) {
  const t = useTranslations("storeScan.remedies.admitLoss");
  return (
    <ConfirmedAction
      trigger={
        <Button variant="danger" className="justify-self-start">
          {t("button")}
        </Button>
      }
      title={t("title")}
      description={t("description")}
      touches={[t("recording"), t("kept")]}
      confirmLabel={t("confirm")}
      action={action}
      fields={{ findingId }}
      done={t("done")}
    >
      <Field id="justification" label={t("justification")} hint={t("justificationHint")}>
        <Textarea name="justification" required maxLength={2000} />
      </Field>
    </ConfirmedAction>
  );
}
