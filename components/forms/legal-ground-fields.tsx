import { useTranslations } from "next-intl";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";

/** In the order of the law. */
const grounds = [
  ...(["lgpd_15_i", "lgpd_15_ii", "lgpd_15_iii", "lgpd_15_iv", "lgpd_16", "lgpd_18_iv", "lgpd_18_vi"] as const),
  "other",
] as const;

/** Asks for the legal ground of a deletion. Nobody has to choose one. */
export function LegalGroundFields({ wordsError }: { wordsError?: string }) {
  const t = useTranslations("deletionOrders.grounds");
  return (
    <div className="grid max-w-2xl gap-4 sm:grid-cols-2">
      <Field id="legalGround" label={t("label")} hint={t("hint")}>
        <Select name="legalGround" defaultValue="">
          <option value="">{t("none")}</option>
          {grounds.map((ground) => (
            <option key={ground} value={ground}>
              {t(`codes.${ground}`)}
            </option>
          ))}
        </Select>
      </Field>
      <Field id="legalGroundWords" label={t("words")} hint={t("wordsHint")} error={wordsError}>
        <Input name="legalGroundWords" maxLength={200} />
      </Field>
    </div>
  );
}
