"use client";

import type { Route } from "next";
import { useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { HiddenFields, type HiddenField } from "@/components/forms/hidden-fields";
import { usePlacedNotice } from "@/components/legal-holds/use-placed-notice";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { Card, CardBody, CardFooter, CardHeader } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { SubmitButton } from "@/components/ui/submit-button";
import type { PlacedHold } from "@/lib/legal-holds/place-hold";

export type AddToHoldProps = {
  holds: readonly { id: string; matter: string; recordings: number }[];
  /** The selection shown before. */
  fields: readonly HiddenField[];
  action: FormAction<PlacedHold>;
};

/** Adds a selection to an active hold. */
export function AddToHold({ holds, fields, action }: AddToHoldProps) {
  const t = useTranslations("holds.extend");
  const onlyThese = String(fields.some(([name]) => name === "onlyThese"));
  const [router, notify] = [useRouter(), usePlacedNotice()];
  const { state, form, problem, message } = useActionForm(action, (placed) => {
    notify(placed);
    router.push(`/retention/holds/${placed.holdId}` as Route);
  });
  return (
    <Card aria-labelledby="existing-hold">
      <CardHeader id="existing-hold" title={t("existing")} description={t("existingDescription", { onlyThese })} />
      <form {...form}>
        <HiddenFields fields={fields} />
        <CardBody className="grid gap-4">
          {message}
          <Field id="holdId" label={t("hold")} error={problem("holdId")}>
            <Select name="holdId" required>
              {holds.map(({ id, matter, recordings }) => (
                <option key={id} value={id}>
                  {t("option", { matter, count: recordings })}
                </option>
              ))}
            </Select>
          </Field>
        </CardBody>
        <CardFooter>
          <SubmitButton variant="secondary" disabled={state.status === "done"}>
            {t("button")}
          </SubmitButton>
        </CardFooter>
      </form>
    </Card>
  );
}
