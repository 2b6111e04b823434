import type { Route } from "next";
import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { SectionMessages } from "@/components/shell/section-messages";
import { SectionTabs } from "@/components/shell/section-tabs";
import { isAllowed, type Permission } from "@/lib/operation/permissions";
import { pageContext } from "@/lib/http/page-context";
import type { Messages } from "@/lib/i18n/namespaces";

const sections: readonly { href: Route; key: keyof Messages["retention"]["sections"]; permission: Permission }[] = [
  { href: "/retention", key: "overview", permission: "retention-forecast:read" },
  { href: "/retention/policies", key: "policies", permission: "retention-policy:list" },
  { href: "/retention/holds", key: "holds", permission: "legal-hold:list" },
  { href: "/retention/approvals", key: "approvals", permission: "approval:list" },
  { href: "/retention/deletion-orders", key: "deletionOrders", permission: "deletion-order:list" },
  { href: "/retention/store-scan", key: "storeScan", permission: "store-scan:read" },
  { href: "/retention/runs", key: "runs", permission: "retention-run:list" },
];

/** The layout of the retention pages. */
export default async function RetentionLayout({ children }: { children: ReactNode }) {
  const [{ context }, t] = await Promise.all([pageContext(), getTranslations("retention")]);
  const tabs = sections
    .filter(({ permission }) => isAllowed(context.actor, permission))
    .map(({ href, key }) => ({ href, label: t(`sections.${key}`) }));
  return (
    <SectionMessages section="retention">
      <SectionTabs label={t("title")} tabs={tabs} />
      {children}
    </SectionMessages>
  );
}
