"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { useKeptValues } from "@/components/forms/kept-form";
import { LinesField, SelectField, TextField, type Problem } from "@/components/subject-requests/text-field";
import type { Intake } from "@/lib/subject-requests/read-intake";

/** Who asks, and what recordings may be found by. */
export function SubjectFields({ choices, problem }: { choices: Intake["choices"]; problem: Problem }) {
  const t = useTranslations("subjectRequests");
  const [requester, setRequester] = useState(useKeptValues("requester")?.[0] ?? choices.requesters[0]!);
  const several = { problem, rows: 2, isOptional: true, maxLength: 4000 };
  return (
    <>
      <SelectField
        name="requester"
        problem={problem}
        onChoose={setRequester}
        options={choices.requesters.map((value) => [value, t(`requesters.${value}`)])}
      />
      <TextField name="subjectName" maxLength={200} problem={problem} />
      {requester === "data_subject" ? null : (
        <TextField name="requesterName" maxLength={200} required problem={problem} className="sm:col-span-2" />
      )}
      <LinesField name="numbers" {...several} />
      <LinesField name="taxIds" {...several} />
      <LinesField name="protocols" {...several} />
      <LinesField name="customerReferences" {...several} />
      <LinesField name="emails" inputMode="email" {...several} />
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField name="periodFrom" type="date" problem={problem} isOptional />
        <TextField name="periodTo" type="date" problem={problem} isOptional />
      </div>
    </>
  );
}
