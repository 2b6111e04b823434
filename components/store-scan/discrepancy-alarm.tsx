import { useTranslations } from "next-intl";
import Link from "next/link";
import { FormMessage } from "@/components/ui/form-message";

/** Warns of severe discrepancies between stores and tables, if there are any. */
export function DiscrepancyAlarm({ count }: { count: number }) {
  const t = useTranslations("storeScan");
  if (count === 0) return null;
  return (
    <FormMessage>
      {t.rich("alarm", {
        count,
        link: (text) => (
          <Link href="/retention/store-scan" className="underline underline-offset-3">
            {text}
          </Link>
        ),
      })}
    </FormMessage>
  );
}
