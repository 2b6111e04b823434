import { useTranslations } from "next-intl";
import type { Period, PolicyTerms } from "@/lib/retention/policies/policy-terms";

/** Returns functions that put periods, matches and terms of a policy into words. */
export function usePolicyWords() {
  const t = useTranslations("policies");
  const period = ({ value, unit }: Period) => t(`periods.${unit}`, { value });
  const sentence = ({
    trigger,
    minimum,
    period: toDeletion,
    waiting,
  }: Pick<PolicyTerms, "trigger" | "minimum" | "period" | "waiting">) => {
    const deleted = { period: period(toDeletion), trigger };
    const first = minimum
      ? t("words.withMinimum", { ...deleted, minimum: period(minimum) })
      : t("words.withoutMinimum", deleted);
    return waiting === null ? first : `${first} ${t("words.waiting", { trigger, waiting: period(waiting) })}`;
  };
  return { period, sentence };
}
