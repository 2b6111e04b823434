"use client";

import type { Route } from "next";
import { useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import type { ReactNode } from "react";
import { HiddenFields, type HiddenField } from "@/components/forms/hidden-fields";
import { HoldFields, type Owner } from "@/components/legal-holds/hold-fields";
import { usePlacedNotice } from "@/components/legal-holds/use-placed-notice";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { Card, CardBody, CardFooter, CardHeader } from "@/components/ui/card";
import { SubmitButton } from "@/components/ui/submit-button";
import type { PlacedHold } from "@/lib/legal-holds/place-hold";

export type HoldFormProps = {
  owners: readonly Owner[];
  /** The current user, if they may own a hold. */
  ownerId: string;
  /** The selection, and the id of the new hold. */
  fields: readonly HiddenField[];
  action: FormAction<PlacedHold>;
  /** Left of the button. */
  back?: ReactNode;
};

/** Places a new hold on a selection shown before. */
export function HoldForm({ owners, ownerId, fields, action, back }: HoldFormProps) {
  const t = useTranslations("holds.new");
  const [router, notify] = [useRouter(), usePlacedNotice()];
  const { state, form, problem, message } = useActionForm(action, (placed) => {
    notify(placed);
    router.push(`/retention/holds/${placed.holdId}` as Route);
  });
  return (
    <Card className="max-w-2xl" aria-labelledby="new-hold">
      <CardHeader id="new-hold" title={t("form")} />
      <form {...form}>
        <HiddenFields fields={fields} />
        <CardBody className="grid gap-4">
          {message}
          <HoldFields hold={{ ownerId }} owners={owners} problem={problem} />
        </CardBody>
        <CardFooter>
          {back}
          {/* Disabled after success: the next page is loading. */}
          <SubmitButton disabled={state.status === "done"}>{t("place")}</SubmitButton>
        </CardFooter>
      </form>
    </Card>
  );
}
