import { FileCheck2, FileJson } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";

type ReceiptLinksProps = { href: string; compact?: boolean };

/**
 * Links to the receipt of a deletion: a certificate to read, and a signed file to verify.
 * @param href the receipt's route, without a format.
 * @param compact shows two short links, for the cell of a table.
 */
export function ReceiptLinks({ href, compact = false }: ReceiptLinksProps) {
  const t = useTranslations("receipts");
  const forms = [
    { form: "pdf", address: `${href}?format=pdf`, Icon: FileCheck2 },
    { form: "json", address: href, Icon: FileJson },
  ] as const;
  // Plain links, not the router's: the browser downloads the files.
  return (
    <div role="group" aria-label={t("title")} className={compact ? "flex gap-2" : "flex flex-wrap gap-2"}>
      {forms.map(({ form, address, Icon }) => (
        <Button key={form} asChild size="small" variant={compact ? "link" : "secondary"}>
          <a href={address} download aria-label={t(form)}>
            {compact ? null : <Icon aria-hidden />}
            {t(compact ? `short.${form}` : form)}
          </a>
        </Button>
      ))}
    </div>
  );
}
