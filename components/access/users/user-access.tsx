"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { Explained } from "@/components/access/users/explained";
import { ConfirmedAction } from "@/components/forms/confirmed-action";
import { Invitation } from "@/components/access/users/invitation";
import { AccessChoice, NewAccess } from "@/components/access/users/new-access";
import type { FormAction } from "@/components/forms/use-action-form";
import { Button } from "@/components/ui/button";
import type { GivenAccess } from "@/lib/access/users/given-access";
import type { UserRow } from "@/lib/access/users/user-descriptions";

type Changed = FormAction<{ userId: string }>;

export type UserAccessProps = {
  user: Pick<UserRow, "id" | "name" | "active" | "mustChangePassword" | "invitation" | "signsInAt" | "hasSecondFactor">;
  /** Whether links are sent by mail. */
  sendsMail: boolean;
  resetAction: FormAction<GivenAccess>;
  resetFactorAction: Changed;
  inviteAction: Changed;
  withdrawAction: Changed;
  endSessionsAction: Changed;
  deactivateAction: Changed;
  reactivateAction: Changed;
};

/** Invites a user, resets password or second factor, ends the sessions, deactivates or reactivates the user. */
export function UserAccess({ user, sendsMail, resetAction, deactivateAction, ...actions }: UserAccessProps) {
  const [access, setAccess] = useState<GivenAccess | null>(null);
  const { reactivateAction, endSessionsAction, inviteAction, withdrawAction } = actions;
  const isWaiting = user.active && user.mustChangePassword;
  return (
    <div className="grid gap-4">
      {isWaiting && sendsMail ? (
        <>
          <Invitation user={user} inviteAction={inviteAction} withdrawAction={withdrawAction} />
          <hr className="border-line" />
        </>
      ) : null}
      {user.signsInAt === "provider" ? (
        <WithoutPassword />
      ) : (
        <PasswordReset user={user} sendsMail={sendsMail} action={resetAction} onReset={setAccess} />
      )}
      {access ? <NewAccess key={access.temporaryPassword ?? String(access.linkUntil)} access={access} /> : null}
      {user.hasSecondFactor ? <SecondFactorReset user={user} action={actions.resetFactorAction} /> : null}
      <hr className="border-line" />
      <SessionsEnd user={user} action={endSessionsAction} />
      <hr className="border-line" />
      {user.active ? (
        <Deactivation user={user} action={deactivateAction} />
      ) : (
        <Reactivation user={user} action={reactivateAction} />
      )}
    </div>
  );
}

type PartProps = { user: UserAccessProps["user"]; action: Changed };

type PasswordResetProps = Pick<UserAccessProps, "user" | "sendsMail"> & {
  action: FormAction<GivenAccess>;
  onReset: (access: GivenAccess) => void;
};

function PasswordReset({ user, sendsMail, action, onReset }: PasswordResetProps) {
  const t = useTranslations("users.reset");
  return (
    <Explained text={t("explanation")}>
      <ConfirmedAction
        trigger={<Button>{t("button")}</Button>}
        title={t("title", { name: user.name })}
        description={sendsMail ? t("mailDescription") : t("description")}
        touches={[t("touches")]}
        confirmLabel={t("confirm")}
        action={action}
        fields={{ userId: user.id }}
        done={t("done")}
        onDone={onReset}
      >
        {sendsMail ? <AccessChoice /> : null}
      </ConfirmedAction>
    </Explained>
  );
}

function WithoutPassword() {
  return <p className="text-ink-muted">{useTranslations("users.signOn")("noPassword")}</p>;
}

function SecondFactorReset({ user, action }: PartProps) {
  const t = useTranslations("users.secondFactor");
  return (
    <Explained text={t("explanation")}>
      <ConfirmedAction
        trigger={<Button>{t("button")}</Button>}
        title={t("title", { name: user.name })}
        description={t("description")}
        touches={[t("touches")]}
        confirmLabel={t("confirm")}
        action={action}
        fields={{ userId: user.id }}
        done={t("done")}
      />
    </Explained>
  );
}

function SessionsEnd({ user, action }: PartProps) {
  const t = useTranslations("users.endSessions");
  return (
    <Explained text={t("explanation")}>
      <ConfirmedAction
        trigger={<Button>{t("button")}</Button>}
        title={t("title", { name: user.name })}
        description={t("description")}
        confirmLabel={t("confirm")}
        action={action}
        fields={{ userId: user.id }}
        done={t("done", { name: user.name })}
      />
    </Explained>
  );
}

function Deactivation({ user, action }: PartProps) {
  const t = useTranslations("users.deactivate");
  return (
    <Explained text={t("explanation")}>
      <ConfirmedAction
        trigger={<Button variant="danger">{t("button")}</Button>}
        title={t("title", { name: user.name })}
        description={t("description")}
        touches={[t("touches")]}
        confirmLabel={t("confirm")}
        action={action}
        fields={{ userId: user.id }}
        done={t("done", { name: user.name })}
      />
    </Explained>
  );
}

function Reactivation({ user, action }: PartProps) {
  const t = useTranslations("users.reactivate");
  return (
    <Explained text={t("explanation")}>
      <ConfirmedAction
        trigger={<Button>{t("button")}</Button>}
        tone="primary"
        title={t("title", { name: user.name })}
        description={t("description")}
        confirmLabel={t("confirm")}
        action={action}
        fields={{ userId: user.id }}
        done={t("done", { name: user.name })}
      />
    </Explained>
  );
}
