"use client";

import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { HoldsTable } from "@/components/legal-holds/holds-table";
import type { FormAction } from "@/components/forms/use-action-form";
import { usePostedSearch } from "@/components/table/use-posted-search";
import { Button } from "@/components/ui/button";
import { CardBody } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { SubmitButton } from "@/components/ui/submit-button";
import type { HoldPage, HoldState } from "@/lib/legal-holds/list-holds";

export type HoldsListProps = {
  page: HoldPage;
  filters: { state?: HoldState; ownerId?: string };
  searchAction: FormAction<HoldPage>;
  /** The filters of the URL, above the list. */
  filterBar: ReactNode;
  /** Links to the neighbouring pages, below the list. */
  pages: ReactNode;
};

const searchForm = "hold-search";

/** Lists holds. A matter may name people, so it is searched by a posted form, within the filters of the URL. */
export function HoldsList({ page, filters, searchAction, filterBar, pages }: HoldsListProps) {
  const t = useTranslations("holds.list");
  const search = useTranslations("common.actions")("search");
  const { form, message, field, found, clear } = usePostedSearch(searchAction);
  return (
    <>
      <div className="grid gap-3 border-b border-line p-4">
        <form
          {...form}
          id={searchForm}
          role="search"
          aria-label={t("search")}
          className="flex max-w-md items-end gap-2"
        >
          {Object.entries(filters).map(([name, value]) =>
            value === undefined ? null : <input key={name} type="hidden" name={name} value={value} />,
          )}
          <Field id="matter-search" label={t("search")} className="flex-1">
            <Input ref={field} name="matter" type="search" required maxLength={200} autoComplete="off" />
          </Field>
          <SubmitButton variant="secondary">{search}</SubmitButton>
        </form>
        {filterBar}
        {message}
      </div>
      {found ? (
        <Found page={found} onClear={clear} />
      ) : (
        <>
          <HoldsTable holds={page.rows} isNarrowed={Object.values(filters).some(Boolean)} />
          {pages}
        </>
      )}
    </>
  );
}

function Found({ page: { rows, before, after }, onClear }: { page: HoldPage; onClear: () => void }) {
  const t = useTranslations();
  const neighbour = (name: "before" | "after", cursor: string | null, label: string) => (
    <Button size="small" type="submit" form={searchForm} name={name} value={cursor ?? ""} disabled={cursor === null}>
      {label}
    </Button>
  );
  return (
    <>
      <div className="flex flex-wrap items-center gap-3 border-b border-line px-4 py-2 text-sm text-ink-muted">
        <span role="status">{t("holds.list.found", { count: rows.length })}</span>
        <Button size="small" onClick={onClear}>
          {t("holds.list.clear")}
        </Button>
      </div>
      <HoldsTable holds={rows} isNarrowed />
      {before || after ? (
        <CardBody className="flex justify-end gap-2 border-t border-line py-2.5">
          {neighbour("before", before, t("common.pagination.newer"))}
          {neighbour("after", after, t("common.pagination.older"))}
        </CardBody>
      ) : null}
    </>
  );
}
