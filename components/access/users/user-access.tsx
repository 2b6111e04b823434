"use client";

import { useTranslations } from "next-intl";
import { useState, type ReactNode } from "react";
import { ConfirmedAction } from "@/components/forms/confirmed-action";
import { OneTimeSecret } from "@/components/ui/one-time-secret";
import type { FormAction } from "@/components/forms/use-action-form";
import { Button } from "@/components/ui/button";

type Reset = { userId: string; temporaryPassword: string };

export type UserAccessProps = {
  user: { id: string; name: string; active: boolean };
  resetAction: FormAction<Reset>;
  deactivateAction: FormAction<{ userId: string }>;
  reactivateAction: FormAction<{ userId: string }>;
};

/** Resets a user's password, deactivates or reactivates the user. */
export function UserAccess({ user, resetAction, deactivateAction, reactivateAction }: UserAccessProps) {
  const [password, setPassword] = useState<string | null>(null);
  return (
    <div className="grid gap-4">
      <PasswordReset user={user} action={resetAction} onReset={setPassword} />
      {password ? <NewPassword value={password} /> : null}
      <hr className="border-line" />
      {user.active ? (
        <Deactivation user={user} action={deactivateAction} />
      ) : (
        <Reactivation user={user} action={reactivateAction} />
      )}
    </div>
  );
}

type PartProps = { user: UserAccessProps["user"]; action: FormAction<{ userId: string }> };

function PasswordReset({
  user,
  action,
  onReset,
}: Omit<PartProps, "action"> & { action: FormAction<Reset>; onReset: (password: string) => void }) {
  const t = useTranslations("users.reset");
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
        onDone={({ temporaryPassword }) => onReset(temporaryPassword)}
      />
    </Explained>
  );
}

function NewPassword({ value }: { value: string }) {
  const t = useTranslations("users.secret");
  return <OneTimeSecret key={value} label={t("label")} warning={t("warning")} value={value} />;
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

function Explained({ text, children }: { text: string; children: ReactNode }) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-3">
      <p className="min-w-0 flex-1 basis-56 text-ink-muted">{text}</p>
      {children}
    </div>
  );
}
