"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { DecisionTable } from "@/components/subject-requests/deciding/decision-table";
import { GroundField } from "@/components/subject-requests/deciding/ground-field";
import { Button } from "@/components/ui/button";
import { CardBody } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { Textarea } from "@/components/ui/textarea";
import { useNotify } from "@/components/ui/toast";
import type { DecisionRow } from "@/lib/subject-requests/deciding/list-decisions";
import type { DecidableRight } from "@/lib/subject-requests/deciding/read-decisions";

type DecideRecordingsProps = {
  requestId: string;
  right: DecidableRight;
  rows: readonly DecisionRow[];
  action: FormAction<unknown>;
};

const audioForms = ["subject_channel", "whole", "edited"] as const;

/** The included recordings with boxes, and what to decide of those that are chosen or of all that are undecided. */
export function DecideRecordings({ requestId, right, rows, action }: DecideRecordingsProps) {
  const t = useTranslations("subjectRequests");
  const notify = useNotify();
  const hasSuggestions = rows.some(({ suggestion }) => suggestion !== null);
  const [measure, setMeasure] = useState<string>(hasSuggestions ? "suggested" : right.each[0]!);
  const [audioForm, setAudioForm] = useState<string>(audioForms[0]);
  const refusesSome =
    measure === "keep" ||
    measure === "withhold" ||
    (measure === "deliver" && right.givesAudio && audioForm === "edited");
  const { form, problem, message } = useActionForm(action, () => notify(t("deciding.decided")));
  const chosen = problem("recordings");
  return (
    <form {...form}>
      <input type="hidden" name="requestId" value={requestId} />
      <input type="hidden" name="processId" value={right.id} />
      <DecisionTable rows={rows} mayChoose />
      <CardBody className="grid gap-3 border-t border-line">
        {message}
        {chosen ? (
          <p role="alert" className="text-sm font-medium text-danger">
            {chosen}
          </p>
        ) : null}
        <div className="grid gap-3 sm:grid-cols-2">
          <Field id="measure" label={t("deciding.measure")} error={problem("measure")}>
            <Select name="measure" value={measure} onChange={({ target }) => setMeasure(target.value)}>
              {hasSuggestions ? <option value="suggested">{t("measures.suggested")}</option> : null}
              {right.each.map((each) => (
                <option key={each} value={each}>
                  {t(`measures.${each}`)}
                </option>
              ))}
            </Select>
          </Field>
          {measure === "deliver" && right.givesAudio ? (
            <Field id="audioForm" label={t("deciding.audioForm")} error={problem("audioForm")}>
              <Select name="audioForm" value={audioForm} onChange={({ target }) => setAudioForm(target.value)}>
                {audioForms.map((each) => (
                  <option key={each} value={each}>
                    {t(`audioForms.${each}`)}
                  </option>
                ))}
                <option value="">{t("deciding.noAudio")}</option>
              </Select>
            </Field>
          ) : null}
          {refusesSome ? <GroundField id="ground" error={problem("ground")} required /> : null}
        </div>
        {refusesSome || needsFact(measure) ? (
          <Field
            id="fact"
            label={t(measure === "correct" ? "deciding.corrected" : "deciding.fact")}
            hint={t(measure === "correct" ? "deciding.correctedHint" : "deciding.factHint")}
            error={problem("fact")}
          >
            <Textarea name="fact" rows={2} maxLength={2000} />
          </Field>
        ) : null}
        <div className="flex flex-wrap gap-2">
          <Button type="submit" name="which" value="chosen" variant="primary">
            {t("deciding.decideChosen")}
          </Button>
          <Button type="submit" name="which" value="undecided">
            {t("deciding.decideUndecided")}
          </Button>
        </div>
      </CardBody>
    </form>
  );
}

const needsFact = (measure: string) => ["suggested", "delete_later", "correct"].includes(measure);
