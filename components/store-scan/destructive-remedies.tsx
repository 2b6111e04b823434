"use client";

import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { LegalGroundFields } from "@/components/forms/legal-ground-fields";
import { ConfirmedAction } from "@/components/forms/confirmed-action";
import type { FormAction } from "@/components/forms/use-action-form";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Textarea } from "@/components/ui/textarea";

type RemedyProps = { findingId: string; action: FormAction<unknown> };

/** Deletes audio without a recording from every store, after confirmation. `size` is formatted. */
export function RemoveObject({ size, ...props }: RemedyProps & { size: string }) {
  const t = useTranslations("storeScan.remedies.removeObject");
  return (
    <DestructiveRemedy remedy="removeObject" touches={[t("object", { size }), t("stores"), t("key")]} {...props} />
  );
}

/** Admits the loss of a recording, with a justification: what remains of it is deleted. */
export function AdmitLoss(props: RemedyProps) {
  const t = useTranslations("storeScan.remedies.admitLoss");
  return (
    <DestructiveRemedy remedy="admitLoss" touches={[t("recording"), t("kept")]} {...props}>
      <Field id="justification" label={t("justification")} hint={t("justificationHint")}>
        <Textarea name="justification" required maxLength={2000} />
      </Field>
      <LegalGroundFields />
    </DestructiveRemedy>
  );
}

type DestructiveRemedyProps = RemedyProps & {
  remedy: "removeObject" | "admitLoss";
  touches: readonly string[];
  children?: ReactNode;
};

function DestructiveRemedy({ remedy, findingId, action, touches, children }: DestructiveRemedyProps) {
  const t = useTranslations("storeScan.remedies");
  return (
    <ConfirmedAction
      trigger={
        <Button variant="danger" className="justify-self-start">
          {t(`${remedy}.button`)}
        </Button>
      }
      title={t(`${remedy}.title`)}
      description={t(`${remedy}.description`)}
      touches={touches}
      confirmLabel={t(`${remedy}.confirm`)}
      action={action}
      fields={{ findingId }}
      done={t(`${remedy}.done`)}
    >
      {children}
    </ConfirmedAction>
  );
}
