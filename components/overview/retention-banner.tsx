"use client";

import { useTranslations } from "next-intl";
import { usePathname } from "next/navigation";
import { FormMessage } from "@/components/ui/form-message";
import { TextLink } from "@/components/ui/text-link";

/** Warns that retention has not run for 26 hours, on every page except the one with the full alarm. */
export function RetentionBanner({ isOverdue }: { isOverdue: boolean }) {
  const t = useTranslations("retention.alarm");
  if (usePathname() === "/retention" || !isOverdue) return null;
  return (
    <FormMessage className="mb-4">
      {t("overdue")} <TextLink href="/retention">{t("seeRetention")}</TextLink>
    </FormMessage>
  );
}
