"use client";

import type { Route } from "next";
import { useTranslations } from "next-intl";
import { useMemo, type ReactNode } from "react";
import { DataTable } from "@/components/table/data-table";
import { dataColumns } from "@/components/table/data-table-features";
import { RowLink } from "@/components/table/row-link";
import { EmptyState } from "@/components/ui/empty-state";
import { TimeText } from "@/components/ui/time-text";
import { UserState } from "@/components/access/users/user-state";
import type { UserRow } from "@/lib/access/users/user-descriptions";

export type UsersTableProps = {
  users: readonly UserRow[];
  hiddenColumns: readonly string[] | undefined;
  toolbar?: ReactNode;
  emptyText?: string;
};

const helper = dataColumns<UserRow>();

/** Lists users by name. The name links to the user's page. */
export function UsersTable({ users, hiddenColumns, toolbar, emptyText }: UsersTableProps) {
  const t = useTranslations("users");
  const columns = useUserColumns();
  return (
    <DataTable
      id="users"
      label={t("title")}
      columns={columns}
      rows={users}
      rowId={({ id }) => id}
      rowHref={({ id }) => `/users/${id}`}
      hiddenColumns={hiddenColumns}
      toolbar={toolbar}
      empty={<EmptyState title={t("empty.title")} description={emptyText ?? t("empty.description")} />}
    />
  );
}

function useUserColumns() {
  const t = useTranslations("users");
  const roleName = useTranslations("shell.roles");
  return useMemo(
    () =>
      helper.columns([
        helper.accessor("name", {
          meta: { label: t("columns.name"), primary: true },
          cell: ({ row: { original: user } }) => <RowLink href={`/users/${user.id}` as Route}>{user.name}</RowLink>,
        }),
        helper.accessor("email", { meta: { label: t("columns.email") } }),
        helper.accessor("role", { meta: { label: t("columns.role") }, cell: ({ getValue }) => roleName(getValue()) }),
        helper.accessor("units", {
          meta: { label: t("columns.units") },
          cell: ({ row: { original: user } }) =>
            user.role === "supervisor" ? user.units.map(({ name }) => name).join(", ") : t("allUnits"),
        }),
        helper.accessor("signsInAt", {
          meta: { label: t("columns.signsInAt") },
          cell: ({ getValue }) => t(`signsInAt.${getValue()}`),
        }),
        helper.display({
          id: "state",
          meta: { label: t("columns.state") },
          cell: ({ row }) => <UserState {...row.original} />,
        }),
        helper.accessor("lastSignInAt", {
          meta: { label: t("columns.lastSignIn") },
          cell: ({ getValue }) => <LastSignIn at={getValue()} never={t("never")} />,
        }),
      ]),
    [t, roleName],
  );
}

function LastSignIn({ at, never }: { at: Date | null; never: string }) {
  return at ? <TimeText value={at} /> : <span className="text-ink-muted">{never}</span>;
}
