import { useTranslations } from "next-intl";
import { FormMessage } from "@/components/ui/form-message";
import type { MissingFact } from "@/lib/access/controller/missing-facts";

/** Lists what the controller must still say. */
export function MissingFacts({ missing }: { missing: readonly MissingFact[] }) {
  const t = useTranslations("controller.missing");
  if (missing.length === 0) return null;
  return (
    <FormMessage tone="caution">
      <p className="font-semibold">{t("title")}</p>
      <ul className="list-disc pl-5">
        {missing.map((name) => (
          <li key={name}>{t(name)}</li>
        ))}
      </ul>
    </FormMessage>
  );
}
