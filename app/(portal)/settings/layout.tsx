import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { SettingsNavigation, type SettingsSection } from "@/components/settings/settings-navigation";
import { PageHeader } from "@/components/ui/page-header";
import { isAllowed, type Permission } from "@/lib/auth/permissions";
import { pageContext } from "@/lib/http/page-context";

const sections: readonly (SettingsSection & { permission: Permission })[] = [
  { href: "/settings", key: "account", permission: "account:read" },
  { href: "/settings/password", key: "password", permission: "account:update" },
  { href: "/settings/units", key: "units", permission: "unit:list" },
  { href: "/settings/service-accounts", key: "serviceAccounts", permission: "service-account:list" },
  { href: "/settings/storage", key: "storage", permission: "storage:read" },
];

/** The frame of the settings. Who must change a temporary password is offered nothing else. */
export default async function SettingsLayout({ children }: { children: ReactNode }) {
  const [{ context }, t] = await Promise.all([pageContext(), getTranslations("settings")]);
  const offered = sections.filter(({ permission }) => isAllowed(context.actor, permission)).map(({ href, key }) => ({ href, key }));
  return (
    <>
      <PageHeader title={t("title")} />
      {context.actor.mustChangePassword ? (
        children
      ) : (
        <div className="grid items-start gap-4 lg:grid-cols-[12rem_minmax(0,1fr)] lg:gap-8">
          <SettingsNavigation sections={offered} />
          <div className="min-w-0">{children}</div>
        </div>
      )}
    </>
  );
}
