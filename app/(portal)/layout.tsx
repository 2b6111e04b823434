import { getLocale } from "next-intl/server";
import type { ReactNode } from "react";
import { readLastSignInAction } from "@/app/(portal)/settings/actions";
import { signOut } from "@/app/(portal)/sign-out";
import { LastSignIn } from "@/components/access/sessions/last-sign-in";
import { beginPasskeyProofAction, proveByPasskeyAction, proveIdentityAction } from "@/app/(portal)/prove-identity";
import { FreshProofProvider } from "@/components/forms/fresh-proof";
import { AppShell } from "@/components/shell/app-shell";
import { PublicPageBanner } from "@/components/overview/public-page-banner";
import { RetentionBanner } from "@/components/overview/retention-banner";
import { LedgerAlarm } from "@/components/shell/ledger-alarm";
import { SectionMessages } from "@/components/shell/section-messages";
import type { NavigationItem } from "@/components/shell/navigation-item";
import { readPreferences } from "@/components/shell/read-preferences";
import type { Actor } from "@/lib/operation/actor";
import { isAllowed, type Permission } from "@/lib/operation/permissions";
import { checkLedger } from "@/lib/deletion/ledger/check-ledger";
import { pageContext } from "@/lib/http/page-context";
import { setLocale } from "@/lib/http/set-locale";
import { readPublicPageHealth } from "@/lib/overview/public-page-health";
import { readRetentionHealth } from "@/lib/overview/retention-health";

const navigation: readonly (NavigationItem & { permission: Permission })[] = [
  { href: "/recordings", labelKey: "recordings", icon: "recordings", permission: "recording:list" },
  { href: "/privacy-requests", labelKey: "privacyRequests", icon: "requests", permission: "subject-request:read" },
  { href: "/retention", labelKey: "retention", icon: "retention", permission: "retention-forecast:read" },
  { href: "/audit-log", labelKey: "auditLog", icon: "log", permission: "audit-event:list" },
  { href: "/compliance", labelKey: "compliance", icon: "compliance", permission: "compliance:read" },
  { href: "/users", labelKey: "users", icon: "users", permission: "user:list" },
  { href: "/settings", labelKey: "settings", icon: "settings", permission: "account:read" },
];

/** A user with a temporary password can only change it, and one who lacks a needed second factor only enrol it. */
const isRestricted = (actor: Actor) =>
  actor.type === "user" && (actor.mustChangePassword === true || actor.mustEnrolSecondFactor === true);

function navigationOf(actor: Actor): NavigationItem[] {
  return navigation
    .filter(({ permission }) => isAllowed(actor, permission) && (!isRestricted(actor) || permission === "account:read"))
    .map(({ href, labelKey, icon }) => ({ href, labelKey, icon }));
}

/**
 * The layout of all pages behind the sign-in. Hiding a link is a convenience: each operation checks its permission
 * itself.
 */
export default async function PortalLayout({ children }: { children: ReactNode }) {
  const [{ user, context }, locale, preferences] = await Promise.all([pageContext(), getLocale(), readPreferences()]);
  const isInStep = isRestricted(context.actor) || (await checkLedger(context, {})) === "in_step";
  const seesRuns = !isRestricted(context.actor) && isAllowed(context.actor, "retention-run:list");
  const isOverdue = seesRuns && (await readRetentionHealth(context, {})).overdue;
  const seesLimits = !isRestricted(context.actor) && isAllowed(context.actor, "subject-request:read-limits");
  const limits = seesLimits ? (await readPublicPageHealth(context, {})).usedLimits : [];
  return (
    <SectionMessages>
      <FreshProofProvider
        factors={user.factors}
        hasPassword={user.hasPassword}
        isSignedOn={user.isSignedOn}
        action={proveIdentityAction}
        beginPasskeyAction={beginPasskeyProofAction}
        passkeyAction={proveByPasskeyAction}
      >
        <AppShell
          user={{ name: user.name, role: user.role }}
          navigation={navigationOf(context.actor)}
          navigationCollapsed={preferences.navigationCollapsed}
          locale={locale}
          theme={preferences.theme}
          signOutAction={signOut}
          setLocaleAction={setLocale}
        >
          <LastSignIn read={readLastSignInAction} />
          <LedgerAlarm isInStep={isInStep} />
          <RetentionBanner isOverdue={isOverdue} />
          <PublicPageBanner usedLimits={limits} />
          {children}
        </AppShell>
      </FreshProofProvider>
    </SectionMessages>
  );
}
