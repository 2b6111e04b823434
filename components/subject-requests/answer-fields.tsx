"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { useKeptValues } from "@/components/forms/kept-form";
import { SelectField, TextField, type Problem } from "@/components/subject-requests/text-field";
import { locales } from "@/lib/i18n/locales";
import type { Intake } from "@/lib/subject-requests/read-intake";

/** How the person wants to be answered. */
export function AnswerFields({ choices, problem }: { choices: Intake["choices"]; problem: Problem }) {
  const t = useTranslations("subjectRequests");
  const languages = useTranslations("shell.languages");
  const [channel, setChannel] = useState(useKeptValues("answerChannel")?.[0] ?? choices.answerChannels[0]!);
  return (
    <>
      <SelectField
        name="answerChannel"
        problem={problem}
        onChoose={setChannel}
        options={choices.answerChannels.map((value) => [value, t(`answerChannels.${value}`)])}
      />
      <SelectField
        name="answerForm"
        problem={problem}
        options={choices.answerForms.map((value) => [value, t(`answerForms.${value}`)])}
      />
      {choices.answerChannels.includes("email") ? null : (
        <p className="text-sm text-ink-muted sm:col-span-2">{t("intake.noEmail")}</p>
      )}
      {channel === "counter" ? null : <TextField name="answerAddress" required maxLength={500} problem={problem} />}
      <SelectField name="answerLocale" problem={problem} options={locales.map((value) => [value, languages(value)])} />
    </>
  );
}
