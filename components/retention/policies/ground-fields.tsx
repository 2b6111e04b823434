import { useTranslations } from "next-intl";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { Textarea } from "@/components/ui/textarea";
import type { LegalBasis } from "@/lib/retention/policies/legal-bases";
import type { PolicyTerms } from "@/lib/retention/policies/policy-terms";

type Ground = Pick<PolicyTerms, "legalBasis" | "source" | "reviewOn" | "justification">;

/** The grounds of a policy: legal basis, norm, justification and review date. */
export function GroundFields({
  terms,
  legalBases,
  problem,
}: {
  terms?: Ground;
  legalBases: readonly LegalBasis[];
  problem: (path: string) => string | undefined;
}) {
  const t = useTranslations("policies");
  const group = (article: string) =>
    legalBases
      .filter((basis) => basis.startsWith(article))
      .map((basis) => (
        <option key={basis} value={basis}>
          {t(`bases.${basis}`)}
        </option>
      ));
  const ordinary = group("art7_");
  const present = legalBases.find((basis) => basis === terms?.legalBasis);
  return (
    <>
      <Field
        id="legalBasis"
        label={t("form.legalBasis")}
        hint={ordinary.length === 0 ? t("form.sensitiveOnly") : undefined}
        error={problem("terms.legalBasis")}
      >
        <Select name="terms.legalBasis" required defaultValue={present ?? ""}>
          <option value="" disabled>
            {t("form.choose")}
          </option>
          {ordinary.length > 0 ? <optgroup label={t("basisGroups.ordinary")}>{ordinary}</optgroup> : null}
          <optgroup label={t("basisGroups.sensitive")}>{group("art11_")}</optgroup>
        </Select>
      </Field>
      <Field id="source" label={t("form.source")} hint={t("form.sourceHint")} error={problem("terms.source")}>
        <Input name="terms.source" required maxLength={500} autoComplete="off" defaultValue={terms?.source} />
      </Field>
      <Field
        id="justification"
        label={t("form.justification")}
        hint={t("form.justificationHint")}
        error={problem("terms.justification")}
      >
        <Textarea name="terms.justification" required maxLength={2000} defaultValue={terms?.justification} />
      </Field>
      <Field id="reviewOn" label={t("form.reviewOn")} error={problem("terms.reviewOn")} className="max-w-48">
        <Input name="terms.reviewOn" type="date" required defaultValue={terms?.reviewOn} />
      </Field>
    </>
  );
}
