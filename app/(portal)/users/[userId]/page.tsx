import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import {
  allowLinkAction,
  changeBreakGlassAction,
  deactivateUserAction,
  reactivateUserAction,
  endUserSessionsAction,
  resetSecondFactorAction,
  resetUserPasswordAction,
  sendInvitationAction,
  unlinkPersonAction,
  updateUserAction,
  withdrawInvitationAction,
} from "@/app/(portal)/users/actions";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { EditUserForm } from "@/components/access/users/edit-user-form";
import { UserAccess } from "@/components/access/users/user-access";
import { UserFacts } from "@/components/access/users/user-facts";
import { UserSignOn } from "@/components/access/users/user-sign-on";
import { UserState } from "@/components/access/users/user-state";
import { readSignInWays } from "@/lib/access/single-sign-on/settings/read-sign-in-ways";
import { roles } from "@/lib/operation/actor";
import { isAllowed } from "@/lib/operation/permissions";
import { loadPage } from "@/lib/http/load-page";
import { pageContext } from "@/lib/http/page-context";
import { sendsMail } from "@/lib/access/sessions/account-message";
import { listUnits } from "@/lib/access/units/list-units";
import { isOneself } from "@/lib/access/users/user-rows";
import { readUser } from "@/lib/access/users/read-user";

// Without the person's name: browsers keep titles in their history.
export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("users"))("title") };
}

export default async function UserPage({ params }: { params: Promise<{ userId: string }> }) {
  const { userId } = await params;
  const [user, units, { context }, t, { hasSingleSignOn }] = await Promise.all([
    loadPage(readUser, { userId }),
    loadPage(listUnits, {}),
    pageContext(),
    getTranslations("users"),
    loadPage(readSignInWays, {}),
  ]);
  const isOwn = isOneself(context.actor, userId);
  const mayWrite = isAllowed(context.actor, "user:write");
  const access = (
    <UserAccess
      user={user}
      sendsMail={sendsMail()}
      inviteAction={sendInvitationAction}
      withdrawAction={withdrawInvitationAction}
      endSessionsAction={endUserSessionsAction}
      resetAction={resetUserPasswordAction}
      resetFactorAction={resetSecondFactorAction}
      deactivateAction={deactivateUserAction}
      reactivateAction={reactivateUserAction}
    />
  );
  return (
    <>
      <PageHeader
        title={user.name}
        description={user.email}
        parent={{ href: "/users", label: t("title") }}
        status={<UserState {...user} />}
      />
      <div className="grid items-start gap-4 xl:grid-cols-2">
        <Card aria-labelledby="data">
          <CardHeader id="data" title={t("details.data")} />
          {mayWrite ? (
            <EditUserForm user={user} units={units} roles={roles} isOneself={isOwn} action={updateUserAction} />
          ) : (
            <UserFacts user={user} />
          )}
        </Card>
        {mayWrite ? (
          <Card aria-labelledby="access">
            <CardHeader
              id="access"
              title={t("details.access")}
              description={isOwn ? undefined : t("details.accessDescription")}
            />
            <CardBody>{isOwn ? <p>{t("own")}</p> : access}</CardBody>
          </Card>
        ) : null}
        {mayWrite && hasSingleSignOn ? (
          <UserSignOn
            user={user}
            linkAction={allowLinkAction}
            unlinkAction={unlinkPersonAction}
            breakGlassAction={changeBreakGlassAction}
          />
        ) : null}
      </div>
    </>
  );
}
