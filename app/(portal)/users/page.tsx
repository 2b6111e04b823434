import { Plus } from "lucide-react";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import Link from "next/link";
import { searchUsersAction } from "@/app/(portal)/users/actions";
import { readFilters } from "@/app/(portal)/users/read-filters";
import { ControllerNotice } from "@/components/overview/controller-notice";
import { readHiddenColumns } from "@/components/table/read-hidden-columns";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { UserFilterBar } from "@/components/access/users/user-filter-bar";
import { UserPages } from "@/components/access/users/user-pages";
import { UsersList } from "@/components/access/users/users-list";
import { roles } from "@/lib/operation/actor";
import { isAllowed } from "@/lib/operation/permissions";
import { loadPage } from "@/lib/http/load-page";
import type { SearchParams } from "@/lib/http/page-address";
import { pageContext } from "@/lib/http/page-context";
import { readController } from "@/lib/access/controller/read-controller";
import { listUnits } from "@/lib/access/units/list-units";
import { listUsers } from "@/lib/access/users/list-users";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("users"))("title") };
}

export default async function UsersPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const filters = readFilters(await searchParams);
  const [page, units, t, { context }, hiddenColumns] = await Promise.all([
    loadPage(listUsers, filters),
    loadPage(listUnits, {}),
    getTranslations("users"),
    pageContext(),
    readHiddenColumns("users"),
  ]);
  const mayWrite = isAllowed(context.actor, "controller:write");
  const newUser = (
    <Button asChild variant="primary">
      <Link href="/users/new">
        <Plus aria-hidden />
        {t("new")}
      </Link>
    </Button>
  );
  return (
    <>
      <PageHeader
        title={t("title")}
        description={t("description")}
        actions={isAllowed(context.actor, "user:write") ? newUser : null}
      />
      {mayWrite ? <ControllerNotice settings={await loadPage(readController, {})} /> : null}
      <Card>
        <UsersList
          users={page.users}
          hiddenColumns={hiddenColumns}
          searchAction={searchUsersAction}
          filters={<UserFilterBar filters={filters} units={units} roles={roles} />}
          pages={<UserPages filters={filters} nextCursor={page.nextCursor} />}
        />
      </Card>
    </>
  );
}
