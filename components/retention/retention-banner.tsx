"use client";

import { useTranslations } from "next-intl";
import { usePathname } from "next/navigation";
import { FormMessage } from "@/components/ui/form-message";
import { TextLink } from "@/components/ui/text-link";

/** On every page but the one that says it in full: nothing has been deleted for 26 hours. */
export function RetentionBanner({ isOverdue }: { isOverdue: boolean }) {
  const t = useTranslations("retention.alarm");
  if (usePathname() === "/retention" || !isOverdue) return null;
  return (
    <FormMessage className="mb-4">
      {t("overdue")} <TextLink href="/retention">{t("seeRetention")}</TextLink>
    </FormMessage>
  );
}
