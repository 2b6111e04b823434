"use client";

import { useTranslations } from "next-intl";
import { HoldForm, type HoldFormProps } from "@/components/legal-holds/hold-form";
import { HoldPreviewSummary } from "@/components/legal-holds/hold-preview-summary";
import { SelectRecordings, type SelectRecordingsProps } from "@/components/legal-holds/select-recordings";
import { useStepHeading } from "@/components/ui/use-step-heading";
import { Card, CardBody } from "@/components/ui/card";
import type { HoldPreview } from "@/lib/legal-holds/preview-hold";

export type NewHoldProps = Pick<SelectRecordingsProps, "facets" | "preview"> & Omit<HoldFormProps, "back">;

/** Places a new hold: first selects recordings, then asks for the reason and the owner. */
export function NewHold({ facets, preview, fields, ...form }: NewHoldProps) {
  return (
    <SelectRecordings fields={fields} facets={facets} preview={preview}>
      {(draft, back) => (
        <div className="grid gap-4">
          <Effect preview={draft.effect} />
          {draft.effect.recordings > 0 ? <HoldForm {...form} fields={draft.fields} back={back} /> : <div>{back}</div>}
        </div>
      )}
    </SelectRecordings>
  );
}

function Effect({ preview }: { preview: HoldPreview }) {
  const t = useTranslations("holds.new");
  const heading = useStepHeading();
  return (
    <Card className="max-w-4xl" aria-labelledby="effect">
      <CardBody className="grid gap-4">
        <h2 id="effect" ref={heading} tabIndex={-1} className="text-md font-semibold outline-none">
          {t("effect")}
        </h2>
        <HoldPreviewSummary preview={preview} />
      </CardBody>
    </Card>
  );
}
