import { FileCheck2, FileJson } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";

/**
 * Downloads of a deletion's receipt: the certificate for people and the signed one for verifying.
 * @param href of the receipt's route, without a format.
 */
export function ReceiptLinks({ href }: { href: string }) {
  const t = useTranslations("receipts");
  // Plain links: the browser downloads them, and the portal's router stays out of it.
  return (
    <div role="group" aria-label={t("title")} className="flex flex-wrap gap-2">
      <Button asChild size="small">
        <a href={`${href}?format=pdf`} download>
          <FileCheck2 aria-hidden />
          {t("pdf")}
        </a>
      </Button>
      <Button asChild size="small">
        <a href={href} download>
          <FileJson aria-hidden />
          {t("json")}
        </a>
      </Button>
    </div>
  );
}
