"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { CardBody } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { SubmitButton } from "@/components/ui/submit-button";
import { useNotify } from "@/components/ui/toast";

const kinds = ["tax_id", "none"] as const;

type CorrectTaxIdProps = { recordingId: string; revision: string; action: FormAction<unknown> };

/** Says what the CPF or CNPJ of a call's customer is. It is refused if somebody changed it meanwhile. */
export function CorrectTaxId({ recordingId, revision, action }: CorrectTaxIdProps) {
  const t = useTranslations("recordings.correctTaxId");
  const notify = useNotify();
  const [kind, setKind] = useState<string>("tax_id");
  const { form, problem, message } = useActionForm(action, () => notify(t("done")));
  return (
    <CardBody className="border-t border-line">
      <form {...form} className="grid gap-3" aria-labelledby="correct-tax-id">
        <h3 id="correct-tax-id" className="font-semibold">
          {t("title")}
        </h3>
        <p className="text-sm text-ink-muted">{t("description")}</p>
        {message}
        <input type="hidden" name="recordingId" value={recordingId} />
        <input type="hidden" name="revision" value={revision} />
        <div className="grid items-start gap-3 sm:grid-cols-[11rem_minmax(0,1fr)_auto]">
          <Field id="tax-id-kind" label={t("kind")} error={problem("kind")}>
            <Select name="kind" required value={kind} onChange={(event) => setKind(event.target.value)}>
              {kinds.map((value) => (
                <option key={value} value={value}>
                  {t(`kinds.${value}`)}
                </option>
              ))}
            </Select>
          </Field>
          {kind === "tax_id" ? (
            <Field id="correct-tax-id-field" label={t("taxId")} error={problem("taxId")}>
              <Input name="taxId" autoComplete="off" autoCapitalize="characters" required maxLength={64} />
            </Field>
          ) : (
            <span />
          )}
          <div className="sm:pt-6">
            <SubmitButton>{t("button")}</SubmitButton>
          </div>
        </div>
      </form>
    </CardBody>
  );
}
