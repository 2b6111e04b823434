import { useTranslations } from "next-intl";
import { Checkbox } from "@/components/ui/checkbox";
import type { PublicFormFields } from "@/components/subject-requests/public-page/use-public-form";
import type { PublicFormPage } from "@/lib/subject-requests/public-page/read-public-form";

/** The rights in plain words. Several may be chosen. */
export function RightChoices({ deadlines, of }: { deadlines: PublicFormPage["deadlines"]; of: PublicFormFields }) {
  const t = useTranslations("titular");
  const [names, explanations] = [
    useTranslations("subjectRequests.rights"),
    useTranslations("subjectRequests.explanations"),
  ];
  const error = of.problem("rights");
  const chosen = of.sentAll("rights");
  return (
    <fieldset className="grid gap-1" aria-describedby={error ? "rights-error" : undefined}>
      <legend className="font-medium">{t("form.rights")}</legend>
      {error ? (
        <p id="rights-error" className="text-sm font-medium text-danger">
          {error}
        </p>
      ) : null}
      {deadlines.map(({ right, days }, index) => (
        <Checkbox
          key={right}
          name="rights[]"
          value={right}
          defaultChecked={chosen.includes(right)}
          aria-invalid={error && index === 0 ? true : undefined}
          label={names(right)}
          hint={`${explanations(right)} ${t("rights.deadline", { days })}`}
        />
      ))}
    </fieldset>
  );
}
