import { Lock } from "lucide-react";
import { useTranslations } from "next-intl";
import { Badge } from "@/components/ui/badge";

/** Marks a recording whose processing is suspended. */
export function BlockedBadge() {
  const t = useTranslations("recordings.blocking");
  return (
    <Badge tone="danger">
      <Lock aria-hidden />
      {t("badge")}
    </Badge>
  );
}
