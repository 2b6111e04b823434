import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { Textarea } from "@/components/ui/textarea";
import type { IncidentChoices } from "@/lib/compliance/incidents/read-incident-choices";
import type { IncidentDetail } from "@/lib/compliance/incidents/read-incident";

type Texts = "circumstances" | "risks" | "measures" | "noticeReason";

/** What the record says; times as the fields show them. */
export type IncidentFacts = Pick<IncidentDetail, "effect" | "criteria" | "dataKinds" | "subjectsEstimated" | Texts> &
  Record<"knownAt" | "occurredFrom" | "occurredTo", string>;

export type IncidentFieldsProps = {
  facts?: IncidentFacts;
  choices: IncidentChoices;
  problem: (path: string) => string | undefined;
};

/** The fields of an incident's record. */
export function IncidentFields({ facts, choices, problem }: IncidentFieldsProps) {
  const t = useTranslations("incidents");
  const moment = (name: "knownAt" | "occurredFrom" | "occurredTo") => (
    <Input name={name} type="datetime-local" defaultValue={facts?.[name]} />
  );
  const text = (name: Texts, hint?: string) => (
    <Field id={name} label={t(`form.${name}`)} hint={hint} error={problem(name)}>
      <Textarea name={name} maxLength={10_000} required={name === "circumstances"} defaultValue={facts?.[name]} />
    </Field>
  );
  return (
    <>
      <Field id="knownAt" label={t("form.knownAt")} hint={t("form.knownAtHint")} error={problem("knownAt")}>
        {moment("knownAt")}
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field id="occurredFrom" label={t("form.occurredFrom")} error={problem("occurredFrom")}>
          {moment("occurredFrom")}
        </Field>
        <Field id="occurredTo" label={t("form.occurredTo")} error={problem("occurredTo")}>
          {moment("occurredTo")}
        </Field>
      </div>
      {text("circumstances", t("form.circumstancesHint"))}
      <Field id="effect" label={t("form.effect")} error={problem("effect")}>
        <Select name="effect" defaultValue={facts?.effect ?? "unknown"}>
          {choices.effects.map((effect) => (
            <option key={effect} value={effect}>
              {t(`effects.${effect}`)}
            </option>
          ))}
        </Select>
      </Field>
      <Boxes legend={t("form.criteria")}>
        {choices.criteria.map((one) => (
          <Checkbox
            key={one}
            name="criteria[]"
            value={one}
            label={t(`criteria.${one}`)}
            defaultChecked={facts?.criteria.includes(one)}
          />
        ))}
      </Boxes>
      <Boxes legend={t("form.dataKinds")}>
        {choices.dataKinds.map((one) => (
          <Checkbox
            key={one}
            name="dataKinds[]"
            value={one}
            label={t(`dataKinds.${one}`)}
            defaultChecked={facts?.dataKinds.includes(one)}
          />
        ))}
      </Boxes>
      <Field id="subjectsEstimated" label={t("form.subjectsEstimated")} error={problem("subjectsEstimated")}>
        <Input
          name="subjectsEstimated"
          inputMode="numeric"
          className="max-w-40"
          defaultValue={facts?.subjectsEstimated ?? ""}
        />
      </Field>
      {text("risks")}
      {text("measures")}
      {text("noticeReason")}
    </>
  );
}

function Boxes({ legend, children }: { legend: string; children: ReactNode }) {
  return (
    <fieldset className="grid gap-1">
      <legend className="mb-1 text-sm font-medium">{legend}</legend>
      <div className="grid gap-x-4 sm:grid-cols-2">{children}</div>
    </fieldset>
  );
}
