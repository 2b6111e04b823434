import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import {
  addRuleAction,
  changeLinkingAction,
  changeLocalSignInAction,
  previewClaimsAction,
  removeRuleAction,
} from "@/app/(portal)/settings/single-sign-on/actions";
import { LinkingCard } from "@/components/access/single-sign-on/linking-card";
import { LocalSignInCard } from "@/components/access/single-sign-on/local-sign-in-card";
import { PreviewCard } from "@/components/access/single-sign-on/preview-card";
import { ProviderCard } from "@/components/access/single-sign-on/provider-card";
import { RulesCard } from "@/components/access/single-sign-on/rules-card";
import { readSingleSignOn } from "@/lib/access/single-sign-on/settings/read-single-sign-on";
import { listUnits } from "@/lib/access/units/list-units";
import { loadPage } from "@/lib/http/load-page";
import { pageContext } from "@/lib/http/page-context";
import { roles } from "@/lib/operation/actor";
import { isAllowed } from "@/lib/operation/permissions";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("settings"))("singleSignOn.title") };
}

export default async function SingleSignOnPage() {
  const [view, units, { context }] = await Promise.all([
    loadPage(readSingleSignOn, {}),
    loadPage(listUnits, {}),
    pageContext(),
  ]);
  const mayWrite = isAllowed(context.actor, "single-sign-on:write");
  return (
    <div className="grid gap-4">
      <ProviderCard view={view} />
      <RulesCard
        rules={view.rules}
        units={units}
        roles={roles}
        actions={mayWrite ? { add: addRuleAction, remove: removeRuleAction } : undefined}
      />
      <PreviewCard units={units} action={previewClaimsAction} />
      {view.provider ? (
        <>
          <LinkingCard isLinking={view.isLinking} action={mayWrite ? changeLinkingAction : undefined} />
          <LocalSignInCard view={view} action={mayWrite ? changeLocalSignInAction : undefined} />
        </>
      ) : null}
    </div>
  );
}
