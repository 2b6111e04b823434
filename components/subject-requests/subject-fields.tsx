"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { LinesField, SelectField, TextField, type Problem } from "@/components/subject-requests/text-field";
import type { Requester } from "@/lib/db/schema/subject-request-words";
import type { Intake } from "@/lib/subject-requests/read-intake";

/** Who asks, and what recordings may be found by. */
export function SubjectFields({ choices, problem }: { choices: Intake["choices"]; problem: Problem }) {
  const t = useTranslations("subjectRequests");
  const [requester, setRequester] = useState<Requester>("data_subject");
  const several = { problem, rows: 2, isOptional: true, maxLength: 4000 };
  return (
    <>
      <SelectField
        name="requester"
        problem={problem}
        value={requester}
        onChange={(event) => setRequester(event.target.value as Requester)}
        options={choices.requesters.map((value) => [value, t(`requesters.${value}`)])}
      />
      <TextField name="subjectName" maxLength={200} problem={problem} />
      {requester === "data_subject" ? null : (
        <TextField name="requesterName" maxLength={200} required problem={problem} className="sm:col-span-2" />
      )}
      <LinesField name="numbers" inputMode="tel" {...several} />
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
