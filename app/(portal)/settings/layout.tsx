import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { SectionMessages } from "@/components/shell/section-messages";
import { SettingsNavigation, type SettingsSection } from "@/components/shell/settings-navigation";
import { PageHeader } from "@/components/ui/page-header";
import { isAllowed, type Permission } from "@/lib/operation/permissions";
import { pageContext } from "@/lib/http/page-context";

const sections: readonly (SettingsSection & { permission: Permission })[] = [
  { href: "/settings", key: "account", permission: "account:read" },
  { href: "/settings/password", key: "password", permission: "account:update" },
  { href: "/settings/second-factor", key: "secondFactor", permission: "account:read" },
  { href: "/settings/controller", key: "controller", permission: "controller:read" },
  { href: "/settings/messages", key: "messages", permission: "message-text:read" },
  { href: "/settings/units", key: "units", permission: "unit:list" },
  { href: "/settings/service-accounts", key: "serviceAccounts", permission: "service-account:list" },
  { href: "/settings/single-sign-on", key: "singleSignOn", permission: "single-sign-on:read" },
  { href: "/settings/storage", key: "storage", permission: "storage:read" },
  { href: "/settings/jobs", key: "jobs", permission: "job:list" },
];

/** The layout of the settings. Who has a temporary password, or lacks a needed second factor, sees no other section. */
export default async function SettingsLayout({ children }: { children: ReactNode }) {
  const [{ context }, t] = await Promise.all([pageContext(), getTranslations("settings")]);
  const offered = sections
    .filter(({ permission }) => isAllowed(context.actor, permission))
    .map(({ href, key }) => ({ href, key }));
  const isRestricted = context.actor.mustChangePassword === true || context.actor.mustEnrolSecondFactor === true;
  return (
    <SectionMessages section="settings">
      <PageHeader title={t("title")} />
      <div className="flex flex-col gap-4 lg:flex-row lg:items-start lg:gap-8">
        <SettingsNavigation sections={isRestricted ? [] : offered} />
        <div className="min-w-0 flex-1">{children}</div>
      </div>
    </SectionMessages>
  );
}
