"use client";

import { useTranslations } from "next-intl";
import { useKeptValues } from "@/components/forms/kept-form";
import { LinesField, type Problem } from "@/components/subject-requests/text-field";
import { Checkbox } from "@/components/ui/checkbox";
import type { Intake } from "@/lib/subject-requests/read-intake";

/** The rights that the person asks for, each with its deadline, and the request in the person's own words. */
export function RightFields({ deadlines, problem }: { deadlines: Intake["deadlines"]; problem: Problem }) {
  const t = useTranslations("subjectRequests");
  const error = problem("rights");
  const kept = useKeptValues("rights[]") ?? [];
  return (
    <>
      <fieldset className="sm:col-span-2" aria-describedby={error ? "rights-error" : undefined}>
        <legend className="sr-only">{t("columns.rights")}</legend>
        <div className="grid gap-x-6 sm:grid-cols-2">
          {deadlines.map(({ right, days, kind }, index) => (
            <Checkbox
              key={right}
              name="rights[]"
              value={right}
              defaultChecked={kept.includes(right)}
              aria-invalid={error && index === 0 ? true : undefined}
              label={t(`rights.${right}`)}
              hint={`${t(`explanations.${right}`)} ${t("clock.days", { days })} (${t(`deadlines.by.${kind}`)}).`}
            />
          ))}
        </div>
        {error ? (
          <p id="rights-error" className="text-sm font-medium text-danger">
            {error}
          </p>
        ) : null}
      </fieldset>
      <LinesField name="words" rows={5} maxLength={10_000} problem={problem} isOptional className="sm:col-span-2" />
    </>
  );
}
