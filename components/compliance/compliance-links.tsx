import { useTranslations } from "next-intl";
import Link from "next/link";
import { Button } from "@/components/ui/button";

/** The documents of accountability, and the download of all that is configured and proved now. */
export function ComplianceLinks() {
  const t = useTranslations("compliance");
  return (
    <>
      {(["processing", "impact", "balancing"] as const).map((kind) => (
        <Button asChild key={kind}>
          <Link href={`/compliance/documents/${kind}`}>{t(`documents.kinds.${kind}`)}</Link>
        </Button>
      ))}
      <Button asChild>
        <Link href="/compliance/terms">{t("terms.title")}</Link>
      </Button>
      <Button asChild>
        <a href="/api/compliance/documentation" download>
          {t("documentation")}
        </a>
      </Button>
    </>
  );
}
