"use client";

import { ArrowDown, ArrowUp, ChevronsUpDown } from "lucide-react";
import type { Route } from "next";
import Link from "next/link";
import { usePathname, useSearchParams } from "next/navigation";
import { listHref, toggledSort, type Sort } from "@/components/table/url-state";

/**
 * A column heading that sorts the list on the server. It is a plain link, so it works without JavaScript and can be
 * shared.
 */
export function SortLink({ sortKey, label, sort }: { sortKey: string; label: string; sort?: Sort }) {
  const pathname = usePathname();
  const parameters = useSearchParams();
  const active = sort?.key === sortKey;
  const Icon = !active ? ChevronsUpDown : sort.descending ? ArrowDown : ArrowUp;
  return (
    <Link
      href={listHref(pathname, parameters, { sort: toggledSort(sort, sortKey) }) as Route}
      scroll={false}
      prefetch={false}
      className={`inline-flex items-center gap-1 rounded-sm hover:text-ink ${active ? "text-ink" : ""}`}
    >
      {label}
      <Icon aria-hidden className={`size-3.5 ${active ? "text-accent" : ""}`} />
    </Link>
  );
}
