"use client";

import type { Route } from "next";
import { useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import type { ReactNode } from "react";
import type { Draft } from "@/components/forms/use-draft";
import { HiddenFields } from "@/components/forms/hidden-fields";
import { HoldPreviewSummary } from "@/components/legal-holds/hold-preview-summary";
import { SelectRecordings, type SelectRecordingsProps } from "@/components/legal-holds/select-recordings";
import { usePlacedNotice } from "@/components/legal-holds/use-placed-notice";
import { useStepHeading } from "@/components/ui/use-step-heading";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { Card, CardBody, CardFooter } from "@/components/ui/card";
import { SubmitButton } from "@/components/ui/submit-button";
import type { PlacedHold } from "@/lib/legal-holds/place-hold";
import type { HoldPreview } from "@/lib/legal-holds/preview-hold";

export type ExtendHoldProps = Pick<SelectRecordingsProps, "facets" | "preview"> & {
  holdId: string;
  extend: FormAction<PlacedHold>;
};

/** Adds recordings to a hold, after a preview. */
export function ExtendHold({ holdId, extend, ...select }: ExtendHoldProps) {
  return (
    <SelectRecordings fields={[["holdId", holdId]]} {...select}>
      {(draft, back) => <ConfirmExtension draft={draft} back={back} extend={extend} />}
    </SelectRecordings>
  );
}

/** The second step: what a hold gets, and the button, if it gets anything. */
export function ConfirmExtension({
  draft,
  back,
  extend,
}: {
  draft: Draft<HoldPreview>;
  back: ReactNode;
  extend: ExtendHoldProps["extend"];
}) {
  const t = useTranslations("holds.extend");
  const heading = useStepHeading();
  const [router, notify] = [useRouter(), usePlacedNotice()];
  const { state, form, message } = useActionForm(extend, (placed) => {
    notify(placed);
    router.push(`/retention/holds/${placed.holdId}` as Route);
  });
  const { recordings, widened } = draft.effect;
  return (
    <Card className="max-w-4xl" aria-labelledby="effect">
      <form {...form}>
        <HiddenFields fields={draft.fields} />
        <CardBody className="grid gap-4">
          <h2 id="effect" ref={heading} tabIndex={-1} className="text-md font-semibold outline-none">
            {t("confirm")}
          </h2>
          {message}
          <HoldPreviewSummary preview={draft.effect} />
        </CardBody>
        <CardFooter>
          {back}
          {recordings + widened === 0 ? null : (
            <SubmitButton disabled={state.status === "done"}>
              {recordings > 0 ? t("submit", { count: recordings }) : t("submitWidening")}
            </SubmitButton>
          )}
        </CardFooter>
      </form>
    </Card>
  );
}
