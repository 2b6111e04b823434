"use client";

import { useTranslations } from "next-intl";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import type { RefusalCode } from "@/lib/subject-requests/refusals";

const grounds = [
  "legal_obligation",
  "exercise_of_rights",
  "contract_performance",
  "credit_protection",
  "not_on_consent",
  "legal_hold",
  "not_the_agent",
  "identity_not_proved",
  "no_mandate",
  "not_found",
  "trade_secret",
  "third_party_rights",
  "already_answered",
  "anonymised",
] as const satisfies readonly RefusalCode[];

type GroundFieldProps = {
  /** Of the control: a page may have two. */
  id: string;
  error: string | undefined;
  required: boolean;
  defaultValue?: RefusalCode | null;
};

/** The ground of a refusal, with its article. Without `required` the first choice refuses nothing. */
export function GroundField({ id, error, required, defaultValue }: GroundFieldProps) {
  const t = useTranslations("subjectRequests");
  return (
    <Field id={id} label={t("deciding.ground")} error={error}>
      <Select name="ground" defaultValue={defaultValue ?? ""}>
        <option value="">{t(required ? "deciding.chooseGround" : "deciding.noGround")}</option>
        {grounds.map((ground) => (
          <option key={ground} value={ground}>
            {t(`refusals.${ground}`)}
          </option>
        ))}
      </Select>
    </Field>
  );
}
