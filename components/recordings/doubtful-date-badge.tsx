import { CalendarClock } from "lucide-react";
import { useTranslations } from "next-intl";
import { Badge } from "@/components/ui/badge";

/** Marks a recording whose start is doubtful, so that retention keeps it. */
export function DoubtfulDateBadge() {
  const t = useTranslations("recordings.doubtfulDate");
  return (
    <Badge tone="caution">
      <CalendarClock aria-hidden />
      {t("badge")}
    </Badge>
  );
}
