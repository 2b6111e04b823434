import { useTranslations } from "next-intl";
import { FormMessage } from "@/components/ui/form-message";

/** What came of a document that was sent without JavaScript. */
export function MandateResult({ outcome }: { outcome: string }) {
  const t = useTranslations("titular.mandate");
  if (outcome === "attached") return <FormMessage tone="positive">{t("results.attached")}</FormMessage>;
  const key = `results.${outcome}`;
  return <FormMessage>{t.has(key as never) ? t(key as never) : t("results.refused")}</FormMessage>;
}
