"use client";

import { X } from "lucide-react";
import type { Route } from "next";
import { useTranslations } from "next-intl";
import Link from "next/link";
import { usePathname, useSearchParams } from "next/navigation";
import { listHref } from "@/components/table/url-state";
import { cn } from "@/components/ui/cn";

/** An active filter: its parameters, its label, and its value in words. */
export type ActiveFilter = { parameters: readonly string[]; label: string; value: string };

/** Shows the active filters as chips. Each links to the same list without that filter. */
export function ActiveFilters({ filters }: { filters: readonly ActiveFilter[] }) {
  const t = useTranslations("common.filters");
  const pathname = usePathname();
  const current = useSearchParams();
  if (filters.length === 0) return null;
  const without = (names: readonly string[]) =>
    listHref(pathname, current, Object.fromEntries(names.map((name) => [name, undefined]))) as Route;
  return (
    <ul aria-label={t("active")} className="flex flex-wrap items-center gap-1.5">
      {filters.map((filter) => (
        <li key={filter.parameters.join()}>
          <Link
            href={without(filter.parameters)}
            aria-label={t("remove", { label: filter.label, value: filter.value })}
            className={cn(
              "inline-flex min-h-6 items-center gap-1 rounded-sm bg-accent-soft py-0.5 pr-1",
              "pl-2 text-sm text-accent hover:text-accent-strong pointer-coarse:min-h-9",
            )}
          >
            <span className="font-normal">{filter.label}:</span> <span className="font-medium">{filter.value}</span>
            <X aria-hidden className="size-3.5" />
          </Link>
        </li>
      ))}
      <li>
        <Link
          href={without(filters.flatMap((filter) => filter.parameters))}
          className="px-1 text-sm text-accent underline underline-offset-3"
        >
          {t("clear")}
        </Link>
      </li>
    </ul>
  );
}
