"use client";

import { useTranslations } from "next-intl";
import { DeletionOrderConfirmation } from "@/components/deletion/orders/deletion-order-confirmation";
import { useDraft } from "@/components/forms/use-draft";
import type { RecordingFacets } from "@/components/recordings/use-recording-options";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { Card, CardBody, CardFooter, CardHeader } from "@/components/ui/card";
import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { SubmitButton } from "@/components/ui/submit-button";
import { Textarea } from "@/components/ui/textarea";
import type { OrderedDeletion } from "@/lib/deletion/orders/order-deletion";
import type { DeletionOrderPreview } from "@/lib/deletion/orders/preview-deletion-order";

export type DeletionOrderFormProps = {
  facets: RecordingFacets;
  preview: FormAction<DeletionOrderPreview>;
  order: FormAction<OrderedDeletion>;
};

/** Orders the deletion of selected recordings in two steps: selection, then preview. Only the second step deletes. */
export function DeletionOrderForm({ facets, preview, order }: DeletionOrderFormProps) {
  const t = useTranslations("deletionOrders.form");
  const { draft, previewAndKeep, discard } = useDraft(preview);
  const { form, problem, message } = useActionForm(previewAndKeep);
  return (
    <>
      <Card hidden={draft !== undefined} aria-labelledby="select">
        <CardHeader id="select" title={t("title")} description={t("description")} />
        <form {...form}>
          <CardBody className="grid gap-4 sm:grid-cols-2">
            <div className="empty:hidden sm:col-span-2">{message}</div>
            <Field id="before" label={t("before")} hint={t("beforeHint")} error={problem("before")}>
              <Input name="before" type="date" />
            </Field>
            <Field id="state" label={t("state")} error={problem("state")}>
              <Select name="state" defaultValue="stored">
                <option value="stored">{t("stored")}</option>
                <option value="rejected">{t("rejected")}</option>
              </Select>
            </Field>
            <Field id="unitId" label={t("unit")} error={problem("unitId")}>
              <Choice name="unitId" options={facets.units.map(({ id, name }) => ({ id, label: name }))} />
            </Field>
            <Field id="queueId" label={t("queue")} error={problem("queueId")}>
              <Choice
                name="queueId"
                options={facets.queues.map(({ id, code, unit }) => ({ id, label: `${code} · ${unit}` }))}
              />
            </Field>
            <div className="sm:col-span-2">
              <Field
                id="ids"
                label={t("ids")}
                hint={t("idsHint")}
                error={problem("recordingIds") ?? problem("recordingIds.0")}
              >
                <Textarea name="ids" rows={2} spellCheck={false} />
              </Field>
              <Checkbox
                name="wholeCalls"
                value="yes"
                defaultChecked
                label={t("wholeCalls")}
                hint={t("wholeCallsHint")}
              />
            </div>
          </CardBody>
          <CardFooter>
            <SubmitButton>{t("preview")}</SubmitButton>
          </CardFooter>
        </form>
      </Card>
      {draft ? <DeletionOrderConfirmation draft={draft} order={order} onBack={discard} /> : null}
    </>
  );
}

function Choice({ name, options, ...field }: { name: string; options: { id: string; label: string }[] }) {
  const t = useTranslations("deletionOrders.form");
  return (
    <Select name={name} defaultValue="" {...field}>
      <option value="">{t("any")}</option>
      {options.map(({ id, label }) => (
        <option key={id} value={id}>
          {label}
        </option>
      ))}
    </Select>
  );
}
