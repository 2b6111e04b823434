"use client";

import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { FormAction } from "@/components/forms/use-action-form";
import { usePostedSearch } from "@/components/table/use-posted-search";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { SubmitButton } from "@/components/ui/submit-button";
import { UsersTable } from "@/components/access/users/users-table";
import type { UserRow } from "@/lib/access/users/user-descriptions";
import type { UserPage } from "@/lib/access/users/list-users";

export type UsersListProps = {
  users: readonly UserRow[];
  hiddenColumns: readonly string[] | undefined;
  searchAction: FormAction<UserPage>;
  /** The filters of the URL, above the list. */
  filters: ReactNode;
  /** Links to the neighbouring pages, below the list. */
  pages: ReactNode;
};

/**
 * Lists users. Names and e-mails are searched by a posted form, because URLs stay in histories and logs and must not
 * contain personal data.
 */
export function UsersList({ users, hiddenColumns, searchAction, filters, pages }: UsersListProps) {
  const t = useTranslations("users");
  const { form, message, field, found, clear } = usePostedSearch(searchAction);
  return (
    <>
      <div className="grid gap-3 border-b border-line p-4">
        <form {...form} role="search" aria-label={t("search.label")} className="flex max-w-md items-end gap-2">
          <Field id="text" label={t("search.label")} className="flex-1">
            <Input
              ref={field}
              name="text"
              type="search"
              maxLength={120}
              autoComplete="off"
              placeholder={t("search.hint")}
            />
          </Field>
          <SearchButton />
        </form>
        {filters}
        {message}
      </div>
      {found ? <Found page={found} hiddenColumns={hiddenColumns} onClear={clear} /> : null}
      {found ? null : (
        <UsersTable
          users={users}
          hiddenColumns={hiddenColumns}
          toolbar={<span>{t("count", { count: users.length })}</span>}
        />
      )}
      {found ? null : pages}
    </>
  );
}

function SearchButton() {
  const t = useTranslations("common.actions");
  return <SubmitButton variant="secondary">{t("search")}</SubmitButton>;
}

function Found({
  page,
  hiddenColumns,
  onClear,
}: {
  page: UserPage;
  hiddenColumns: readonly string[] | undefined;
  onClear: () => void;
}) {
  const t = useTranslations("users.search");
  const count = page.users.length;
  const toolbar = (
    <>
      <span role="status">{page.nextCursor ? t("more", { count }) : t("results", { count })}</span>
      <Button size="small" onClick={onClear}>
        {t("clear")}
      </Button>
    </>
  );
  return <UsersTable users={page.users} hiddenColumns={hiddenColumns} toolbar={toolbar} emptyText={t("empty")} />;
}
