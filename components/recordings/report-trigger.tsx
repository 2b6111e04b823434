"use client";

import { useTranslations } from "next-intl";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { CardBody } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { SubmitButton } from "@/components/ui/submit-button";
import { useNotify } from "@/components/ui/toast";

const kinds = ["contract_end", "complaint", "resolution"] as const;

/** Reports an event that retention may count from. Reporting it again with another day corrects it. */
export function ReportTrigger({
  recordingId,
  action,
}: {
  recordingId: string;
  action: FormAction<{ minimumKept: boolean }>;
}) {
  const t = useTranslations("policies.report");
  const notify = useNotify();
  const { form, problem, message } = useActionForm(action, ({ minimumKept }) =>
    notify(t(minimumKept ? "minimumKept" : "done")),
  );
  return (
    <CardBody className="border-t border-line">
      <form {...form} className="grid gap-3" aria-labelledby="report-trigger">
        <h3 id="report-trigger" className="font-semibold">
          {t("title")}
        </h3>
        <p className="text-sm text-ink-muted">{t("description")}</p>
        {message}
        <input type="hidden" name="recordingId" value={recordingId} />
        <div className="grid items-start gap-3 sm:grid-cols-[minmax(0,1fr)_11rem_auto]">
          <Field id="trigger-kind" label={t("kind")} error={problem("kind")}>
            <Select name="kind" required>
              {kinds.map((kind) => (
                <option key={kind} value={kind}>
                  {t(`kinds.${kind}`)}
                </option>
              ))}
            </Select>
          </Field>
          <Field id="trigger-day" label={t("day")} error={problem("occurredAt")}>
            <Input name="day" type="date" required />
          </Field>
          <div className="sm:pt-6">
            <SubmitButton>{t("button")}</SubmitButton>
          </div>
        </div>
      </form>
    </CardBody>
  );
}
