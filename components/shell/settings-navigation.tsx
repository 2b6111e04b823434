"use client";

import type { Route } from "next";
import { useTranslations } from "next-intl";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { cn } from "@/components/ui/cn";

export type SettingsSection = {
  href: Route;
  key:
    | "account"
    | "password"
    | "secondFactor"
    | "controller"
    | "messages"
    | "units"
    | "serviceAccounts"
    | "singleSignOn"
    | "storage"
    | "jobs";
};

/** The sections of the settings: a column beside the page, or a row above it on a narrow screen. */
export function SettingsNavigation({ sections }: { sections: readonly SettingsSection[] }) {
  const t = useTranslations("settings");
  const pathname = usePathname();
  if (sections.length === 0) return null;
  return (
    <nav aria-label={t("sections")} className="min-w-0 lg:sticky lg:top-4 lg:w-48 lg:shrink-0">
      <ul className="flex flex-wrap gap-1 lg:flex-col">
        {sections.map(({ href, key }) => (
          <li key={key}>
            <Link
              href={href}
              aria-current={pathname === href ? "page" : undefined}
              className={cn(
                "flex min-h-control items-center rounded px-2.5 font-medium text-ink-muted hover:bg-sunken",
                "hover:text-ink aria-[current=page]:bg-accent-soft aria-[current=page]:text-accent",
              )}
            >
              {t(`${key}.title`)}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
