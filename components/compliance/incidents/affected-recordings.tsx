"use client";

import { useLocale, useTranslations } from "next-intl";
import { useState } from "react";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { DescriptionList } from "@/components/ui/description-list";
import { Field } from "@/components/ui/field";
import { FormMessage } from "@/components/ui/form-message";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { SubmitButton } from "@/components/ui/submit-button";
import { useNotify } from "@/components/ui/toast";
import type { IncidentDetail } from "@/lib/compliance/incidents/read-incident";
import { formatNumber } from "@/lib/i18n/format";

export type AffectedRecordingsProps = {
  incidentId: string;
  affected: IncidentDetail["affected"];
  units: readonly { id: string; name: string }[];
  /** Left out once nothing may be added. */
  add?: FormAction<{ added: number }>;
};

/** How many recordings and people an incident affected, and the searches that add them. */
export function AffectedRecordings({ incidentId, affected, units, add }: AffectedRecordingsProps) {
  const t = useTranslations("incidents.affected");
  const locale = useLocale();
  const count = (value: number) => formatNumber(value, locale);
  const facts = [
    { term: t("recordings"), description: count(affected.recordings) },
    { term: t("people"), description: count(affected.people) },
    { term: t("withoutNumber"), description: count(affected.withoutNumber) },
    ...affected.byUnit.map(({ unit, recordings, people }) => ({
      term: unit,
      description: `${count(recordings)} · ${t("people")}: ${count(people)}`,
    })),
  ];
  return (
    <Card aria-labelledby="affected">
      <CardHeader id="affected" title={t("title")} description={t("description")} />
      <CardBody className="grid gap-4">
        {affected.recordings === 0 ? <p>{t("none")}</p> : <DescriptionList facts={facts} columns={2} />}
        {add ? <AddAffected incidentId={incidentId} units={units} action={add} /> : null}
      </CardBody>
    </Card>
  );
}

const ways = ["accessed_by", "unit_calls"] as const;

type AddAffectedProps = Pick<AffectedRecordingsProps, "incidentId" | "units"> & {
  action: FormAction<{ added: number }>;
};

function AddAffected({ incidentId, units, action }: AddAffectedProps) {
  const t = useTranslations("incidents.affected");
  const notify = useNotify();
  const [how, setHow] = useState<string>("accessed_by");
  const { form, problem, message } = useActionForm(action, ({ added }) => notify(t("added", { added })));
  return (
    <form {...form} className="grid gap-4">
      {problem("search") ? <FormMessage>{problem("search")}</FormMessage> : message}
      <input type="hidden" name="incidentId" value={incidentId} />
      <div className="grid items-start gap-4 sm:grid-cols-2 lg:grid-cols-4">
        <Field id="how" label={t("how")}>
          <Select name="how" value={how} onChange={(event) => setHow(event.target.value)}>
            {ways.map((way) => (
              <option key={way} value={way}>
                {t(`ways.${way}`)}
              </option>
            ))}
          </Select>
        </Field>
        {how === "accessed_by" ? (
          <Field id="actorId" label={t("actorId")} hint={t("actorIdHint")} error={problem("search.actorId")}>
            <Input name="actorId" required maxLength={36} className="font-mono" autoComplete="off" />
          </Field>
        ) : (
          <Field id="unitId" label={t("unitId")} error={problem("search.unitId")}>
            <Select name="unitId">
              {units.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </Select>
          </Field>
        )}
        <Field id="from" label={t("from")} error={problem("search.from")}>
          <Input name="from" type="date" required />
        </Field>
        <Field id="to" label={t("to")} error={problem("search.to")}>
          <Input name="to" type="date" required />
        </Field>
      </div>
      <SubmitButton variant="secondary" className="justify-self-end">
        {t("add")}
      </SubmitButton>
    </form>
  );
}
