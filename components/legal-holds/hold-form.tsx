"use client";

import type { Route } from "next";
import { useLocale, useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { useActionForm, type FormAction } from "@/components/settings/use-action-form";
import { Card, CardBody, CardFooter } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { SubmitButton } from "@/components/ui/submit-button";
import { Textarea } from "@/components/ui/textarea";
import { useNotify } from "@/components/ui/toast";
import { formatBytes } from "@/lib/i18n/format";
import type { PlacedHold } from "@/lib/legal-holds/place-hold";
import type { HoldPreview } from "@/lib/legal-holds/preview-hold";

export type HoldFormProps = {
  preview: HoldPreview;
  owners: readonly { id: string; name: string }[];
  /** The selection, as hidden fields: chosen recordings or filters. */
  fields: readonly (readonly [name: string, value: string])[];
  action: FormAction<PlacedHold>;
};

/** Says what a selection would put under a hold, and places it. */
export function HoldForm({ preview, owners, fields, action }: HoldFormProps) {
  const t = useTranslations("holds.new");
  const locale = useLocale();
  const [router, notify] = [useRouter(), useNotify()];
  const { form, problem, message } = useActionForm(action, ({ holdId, held, tooLate, finished }) => {
    notify(t(finished ? "placed" : "placedInPart", { count: held, tooLate }));
    router.push(`/retention/holds/${holdId}` as Route);
  });
  return (
    <Card className="max-w-2xl">
      <form {...form}>
        {fields.map(([name, value]) => (
          <input key={`${name} ${value}`} type="hidden" name={name} value={value} />
        ))}
        <CardBody className="grid gap-4">
          {message}
          <div className="grid gap-1">
            <p className="text-md font-semibold">{t("preview", { count: preview.recordings, size: formatBytes(preview.sizeBytes, locale) })}</p>
            <ul className="text-sm text-ink-muted">
              {preview.units.map(({ id, name, recordings }) => (
                <li key={id}>{t("unit", { name, count: recordings })}</li>
              ))}
            </ul>
            <p className="text-sm text-ink-muted">{t("alreadyHeld", { count: preview.alreadyHeld })}</p>
            <p className="text-sm text-ink-muted">{t("tooLate", { count: preview.tooLate })}</p>
          </div>
          <Field id="matter" label={t("matter")} error={problem("matter")}>
            <Input name="matter" required maxLength={200} autoComplete="off" />
          </Field>
          <Field id="reason" label={t("reason")} error={problem("reason")}>
            <Textarea name="reason" required maxLength={2000} />
          </Field>
          <Field id="ownerId" label={t("owner")} error={problem("ownerId")}>
            <Select name="ownerId">
              {owners.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </Select>
          </Field>
          <Field id="reviewOn" label={t("reviewOn")} error={problem("reviewOn")}>
            <Input name="reviewOn" type="date" required className="max-w-48" />
          </Field>
        </CardBody>
        <CardFooter>
          <SubmitButton disabled={preview.recordings === 0}>{t("place")}</SubmitButton>
        </CardFooter>
      </form>
    </Card>
  );
}
