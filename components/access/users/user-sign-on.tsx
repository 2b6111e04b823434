"use client";

import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { ConfirmedAction } from "@/components/forms/confirmed-action";
import type { FormAction } from "@/components/forms/use-action-form";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import type { UserRow } from "@/lib/access/users/user-descriptions";

type Changing = FormAction<{ userId: string }>;

export type UserSignOnProps = {
  user: UserRow;
  linkAction: Changing;
  unlinkAction: Changing;
  breakGlassAction: Changing;
};

/** Links a user to the identity provider or not, and gives emergency access to administrators who are not linked. */
export function UserSignOn({ user, linkAction, unlinkAction, breakGlassAction }: UserSignOnProps) {
  const t = useTranslations("users.signOn");
  const isLinked = user.signsInAt !== "portal";
  return (
    <Card aria-labelledby="sign-on">
      <CardHeader id="sign-on" title={t("title")} />
      <CardBody className="grid gap-4">
        {user.isLinkAllowed ? <p role="status">{t("waiting")}</p> : null}
        {isLinked || user.isLinkAllowed ? <Unlink user={user} action={unlinkAction} /> : null}
        {isLinked || user.isLinkAllowed || user.breakGlass ? null : <AllowLink user={user} action={linkAction} />}
        {user.breakGlass || (user.role === "admin" && !isLinked) ? (
          <BreakGlass user={user} action={breakGlassAction} />
        ) : null}
      </CardBody>
    </Card>
  );
}

type PartProps = { user: UserRow; action: Changing };

function AllowLink({ user, action }: PartProps) {
  const t = useTranslations("users.signOn");
  return (
    <Explained text={t("linkText")}>
      <ConfirmedAction
        trigger={<Button>{t("link")}</Button>}
        tone="primary"
        title={t("linkTitle", { name: user.name })}
        description={t("linkDescription")}
        confirmLabel={t("link")}
        action={action}
        fields={{ userId: user.id }}
        done={t("linkDone")}
      />
    </Explained>
  );
}

function Unlink({ user, action }: PartProps) {
  const t = useTranslations("users.signOn");
  return (
    <Explained text={t("unlinkText")}>
      <ConfirmedAction
        trigger={<Button variant="danger">{t("unlink")}</Button>}
        title={t("unlinkTitle", { name: user.name })}
        description={t("unlinkDescription")}
        touches={[t("unlinkTouches")]}
        confirmLabel={t("unlink")}
        action={action}
        fields={{ userId: user.id }}
        done={t("unlinkDone")}
      />
    </Explained>
  );
}

function BreakGlass({ user, action }: PartProps) {
  const t = useTranslations("users.signOn");
  const verb = user.breakGlass ? "glassOff" : "glassOn";
  return (
    <Explained text={t("glassText")}>
      <ConfirmedAction
        trigger={<Button>{t(verb)}</Button>}
        tone={user.breakGlass ? "danger" : "primary"}
        title={t(`${verb}Title`, { name: user.name })}
        description={t("glassText")}
        confirmLabel={t(verb)}
        action={action}
        fields={{ userId: user.id, enabled: String(!user.breakGlass) }}
        done={t("glassDone")}
      />
    </Explained>
  );
}

function Explained({ text, children }: { text: string; children: ReactNode }) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-3">
      <p className="min-w-0 flex-1 basis-56 text-ink-muted">{text}</p>
      {children}
    </div>
  );
}
