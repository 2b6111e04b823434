"use client";

import { useLocale, useTranslations } from "next-intl";
import { LegalGroundFields } from "@/components/forms/legal-ground-fields";
import { DeletionSampleTable } from "@/components/deletion/orders/deletion-sample-table";
import { HiddenFields } from "@/components/forms/hidden-fields";
import type { Draft } from "@/components/forms/use-draft";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardFooter } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { SubmitButton } from "@/components/ui/submit-button";
import { Textarea } from "@/components/ui/textarea";
import { KeptUntil } from "@/components/recordings/kept-until";
import { TimeText } from "@/components/ui/time-text";
import { useStepHeading } from "@/components/ui/use-step-heading";
import { useNotify } from "@/components/ui/toast";
import type { OrderedDeletion } from "@/lib/deletion/orders/order-deletion";
import type { DeletionOrderPreview } from "@/lib/deletion/orders/preview-deletion-order";
import { formatBytes, formatNumber } from "@/lib/i18n/format";

export type DeletionOrderConfirmationProps = {
  draft: Draft<DeletionOrderPreview>;
  order: FormAction<OrderedDeletion>;
  onBack: () => void;
};

/** The second step of a deletion order: shows what would be deleted, what would be kept and why, and confirms. */
export function DeletionOrderConfirmation({
  draft: { effect: preview, fields },
  order,
  onBack,
}: DeletionOrderConfirmationProps) {
  const t = useTranslations("deletionOrders.confirmation");
  const [locale, notify] = [useLocale(), useNotify()];
  const heading = useStepHeading();
  const { form, message, problem } = useActionForm(order, ({ state, recordings }) => {
    notify(t(state === "running" ? "begun" : "waits", { count: recordings }));
    onBack();
  });
  const nothing = preview.recordings === 0;
  return (
    <Card aria-labelledby="effect">
      <form {...form}>
        <HiddenFields fields={[...fields, ["acknowledgedRecordings", String(preview.recordings)]]} />
        <CardBody className="grid gap-4">
          <h2 id="effect" ref={heading} tabIndex={-1} className="text-md font-semibold outline-none">
            {t("title", { count: preview.recordings, size: formatBytes(preview.sizeBytes, locale) })}
          </h2>
          {message}
          {nothing ? null : <DeletedRecordings preview={preview} />}
          <KeptRecordings preview={preview} />
          {nothing ? null : (
            <Field
              id="justification"
              label={t("justification")}
              hint={t("justificationHint")}
              error={problem("justification")}
              className="max-w-2xl"
            >
              <Textarea name="justification" required maxLength={2000} />
            </Field>
          )}
          {nothing ? null : <LegalGroundFields wordsError={problem("legalGroundWords")} />}
          {preview.needsSecondPerson ? (
            <p>{t("secondPerson", { count: formatNumber(preview.recordings, locale) })}</p>
          ) : null}
        </CardBody>
        <CardFooter>
          <Button onClick={onBack}>{t("back")}</Button>
          {nothing ? null : (
            <SubmitButton variant="danger">
              {t(preview.needsSecondPerson ? "ask" : "delete", { count: preview.recordings })}
            </SubmitButton>
          )}
        </CardFooter>
      </form>
    </Card>
  );
}

function DeletedRecordings({
  preview: { calls, partlyKept, oldest, newest, byUnit, sample },
}: {
  preview: DeletionOrderPreview;
}) {
  const t = useTranslations("deletionOrders.confirmation");
  const locale = useLocale();
  return (
    <>
      <p>
        {t.rich("between", {
          oldest: () => <TimeText value={oldest!} as="date" />,
          newest: () => <TimeText value={newest!} as="date" />,
          calls,
        })}{" "}
        {partlyKept > 0 ? t("partlyKept", { count: partlyKept }) : null}
      </p>
      <ul className="grid gap-1 border-l-2 border-danger pl-3">
        {byUnit.map(({ unit, recordings, sizeBytes }) => (
          <li key={unit}>{t("ofUnit", { unit, count: recordings, size: formatBytes(sizeBytes, locale) })}</li>
        ))}
      </ul>
      <DeletionSampleTable title={t("sample")} rows={sample} />
    </>
  );
}

function KeptRecordings({
  preview: { held, underMinimum, blocked, underChange, minimumUntil, keptSample },
}: {
  preview: DeletionOrderPreview;
}) {
  const t = useTranslations("deletionOrders.confirmation");
  if (held + underMinimum + blocked + underChange === 0) return null;
  return (
    <>
      <ul className="grid gap-1 border-l-2 border-accent pl-3">
        {held > 0 ? <li>{t("held", { count: held })}</li> : null}
        {underMinimum > 0 ? (
          <li>
            {t.rich("underMinimum", { count: underMinimum, until: () => <KeptUntil retainUntil={minimumUntil!} /> })}
          </li>
        ) : null}
        {blocked > 0 ? <li>{t("blocked", { count: blocked })}</li> : null}
        {underChange > 0 ? <li>{t("underChange", { count: underChange })}</li> : null}
      </ul>
      <DeletionSampleTable title={t("keptSample")} rows={keptSample} />
    </>
  );
}
