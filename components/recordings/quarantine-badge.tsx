import { ShieldAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import { Badge } from "@/components/ui/badge";

/** Marks a recording that may have card data, so that nobody plays it. */
export function QuarantineBadge() {
  const t = useTranslations("recordings.quarantine");
  return (
    <Badge tone="danger">
      <ShieldAlert aria-hidden />
      {t("badge")}
    </Badge>
  );
}
