"use client";

import type { Route } from "next";
import { useTranslations } from "next-intl";
import Form from "next/form";
import Link from "next/link";
import type { MouseEvent } from "react";
import { canBeChosen, holdSelectionForm, useHoldSelection } from "@/components/recordings/hold-selection";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import type { RecordingRow } from "@/lib/recordings/list-recordings";

export type HoldSelectionBarProps = {
  rows: readonly RecordingRow[];
  /** The current filters, for a hold on all matches. Without filters that is not offered. */
  filters: Readonly<Record<string, string | number | undefined>>;
};

/**
 * Above the list: ticks all rows, and places a hold on the ticked rows or on all that the filters match, after a
 * preview. The URL of the preview has the ids of at most one page of rows.
 */
export function HoldSelectionBar({ rows, filters }: HoldSelectionBarProps) {
  const t = useTranslations("holds.list");
  const selection = useHoldSelection();
  const choosable = rows.filter(canBeChosen).map(({ id }) => id);
  if (selection === null || rows.length === 0) return null;
  const count = choosable.filter((id) => selection.chosen.has(id)).length;
  const activeFilters = Object.entries(filters).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  );
  const sendSomething = (event: MouseEvent) => {
    if (count === 0) event.preventDefault();
  };
  return (
    <Form
      id={holdSelectionForm}
      action="/retention/holds/new"
      prefetch={false}
      className="flex flex-wrap items-center gap-x-3 gap-y-2"
    >
      {choosable.length > 0 ? (
        <>
          <Checkbox
            label={t("chooseAll")}
            checked={count === choosable.length}
            ref={(box) => {
              if (box) box.indeterminate = count > 0 && count < choosable.length;
            }}
            onChange={(event) => selection.choose(choosable, event.target.checked)}
          />
          <Button type="submit" size="small" aria-disabled={count === 0 || undefined} onClick={sendSomething}>
            {t("holdChosen", { count })}
          </Button>
          <span role="status" className="sr-only">
            {t("chosen", { count })}
          </span>
        </>
      ) : null}
      {activeFilters.length > 0 ? (
        <Button asChild size="small">
          <Link href={`/retention/holds/new?${new URLSearchParams(activeFilters)}` as Route} prefetch={false}>
            {t("holdFiltered")}
          </Link>
        </Button>
      ) : null}
    </Form>
  );
}
