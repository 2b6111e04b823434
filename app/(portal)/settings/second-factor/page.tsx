import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import {
  beginPasskeyAction,
  beginTotpAction,
  changeRolesAction,
  confirmPasskeyAction,
  confirmTotpAction,
  removeFactorAction,
  renewCodesAction,
} from "@/app/(portal)/settings/second-factor/actions";
import { AuthenticatorApp } from "@/components/access/second-factor/authenticator-app";
import { Passkeys } from "@/components/access/second-factor/passkeys";
import { RecoveryCodes } from "@/components/access/second-factor/recovery-codes";
import { SecondFactorRoles } from "@/components/access/second-factor/second-factor-roles";
import { FormMessage } from "@/components/ui/form-message";
import { readSecondFactorRoles } from "@/lib/access/second-factor/read-second-factor-roles";
import { readSecondFactors } from "@/lib/access/second-factor/read-second-factors";
import { loadPage } from "@/lib/http/load-page";
import { pageContext } from "@/lib/http/page-context";
import { isAllowed } from "@/lib/operation/permissions";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("settings.secondFactor"))("title") };
}

export default async function SecondFactorPage() {
  const [factors, { context }, t] = await Promise.all([
    loadPage(readSecondFactors, {}),
    pageContext(),
    getTranslations("settings.secondFactor"),
  ]);
  const mustEnrol = context.actor.mustEnrolSecondFactor === true;
  const mayConfigure = !mustEnrol && isAllowed(context.actor, "second-factor:configure");
  const roles = mayConfigure ? await loadPage(readSecondFactorRoles, {}) : null;
  const count = factors.passkeys.length + (factors.totp ? 1 : 0);
  const mayRemove = !factors.isNeeded || count > 1;
  return (
    <div className="grid max-w-3xl gap-4">
      {mustEnrol ? <FormMessage tone="caution">{t("required")}</FormMessage> : null}
      <AuthenticatorApp
        totp={factors.totp}
        mayRemove={mayRemove}
        beginAction={beginTotpAction}
        confirmAction={confirmTotpAction}
        removeAction={removeFactorAction}
      />
      <Passkeys
        passkeys={factors.passkeys}
        mayRemove={mayRemove}
        unavailableAt={factors.hasPasskeys ? null : factors.origin}
        beginAction={beginPasskeyAction}
        confirmAction={confirmPasskeyAction}
        removeAction={removeFactorAction}
      />
      {count > 0 ? <RecoveryCodes codesLeft={factors.codesLeft} action={renewCodesAction} /> : null}
      {roles ? <SecondFactorRoles {...roles} action={changeRolesAction} /> : null}
    </div>
  );
}
