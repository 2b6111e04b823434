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

const kinds = ["number", "withheld", "not_a_number"] as const;

type CorrectNumberProps = { recordingId: string; revision: string; action: FormAction<unknown> };

/** Says what the customer's number of a call is. It is refused if somebody changed the number meanwhile. */
export function CorrectNumber({ recordingId, revision, action }: CorrectNumberProps) {
  const t = useTranslations("recordings.correctNumber");
  const notify = useNotify();
  const [kind, setKind] = useState<string>("number");
  const { form, problem, message } = useActionForm(action, () => notify(t("done")));
  return (
    <CardBody className="border-t border-line">
      <form {...form} className="grid gap-3" aria-labelledby="correct-number">
        <h3 id="correct-number" className="font-semibold">
          {t("title")}
        </h3>
        <p className="text-sm text-ink-muted">{t("description")}</p>
        {message}
        <input type="hidden" name="recordingId" value={recordingId} />
        <input type="hidden" name="revision" value={revision} />
        <div className="grid items-start gap-3 sm:grid-cols-[11rem_minmax(0,1fr)_auto]">
          <Field id="number-kind" label={t("kind")} error={problem("kind")}>
            <Select name="kind" required value={kind} onChange={(event) => setKind(event.target.value)}>
              {kinds.map((value) => (
                <option key={value} value={value}>
                  {t(`kinds.${value}`)}
                </option>
              ))}
            </Select>
          </Field>
          {kind === "number" ? (
            <Field id="correct-number-field" label={t("number")} error={problem("number")}>
              <Input name="number" type="tel" inputMode="tel" autoComplete="off" required maxLength={64} />
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
