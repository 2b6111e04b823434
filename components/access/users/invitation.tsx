"use client";

import { useTranslations } from "next-intl";
import { Explained } from "@/components/access/users/explained";
import { ConfirmedAction } from "@/components/forms/confirmed-action";
import type { FormAction } from "@/components/forms/use-action-form";
import { Button } from "@/components/ui/button";
import { TimeText } from "@/components/ui/time-text";
import type { UserRow } from "@/lib/access/users/user-descriptions";

type InvitationProps = {
  user: Pick<UserRow, "id" | "name" | "invitation">;
  inviteAction: FormAction<{ userId: string }>;
  withdrawAction: FormAction<{ userId: string }>;
};

/** The invitation of a person without a password: until when it is valid, send it again, withdraw it. */
export function Invitation({ user, inviteAction, withdrawAction }: InvitationProps) {
  const t = useTranslations("users.invitation");
  const { id, name, invitation } = user;
  const fields = { userId: id };
  return (
    <Explained
      text={t.rich(invitation?.state ?? "none", {
        until: () => <TimeText value={invitation?.expiresAt ?? new Date(0)} />,
      })}
    >
      <div className="flex flex-wrap gap-2">
        <ConfirmedAction
          trigger={<Button>{invitation ? t("again") : t("send")}</Button>}
          tone="primary"
          title={t("sendTitle", { name })}
          description={t("sendDescription")}
          confirmLabel={t("send")}
          action={inviteAction}
          fields={fields}
          done={t("sent", { name })}
        />
        {invitation?.state === "open" ? (
          <ConfirmedAction
            trigger={<Button>{t("withdraw")}</Button>}
            title={t("withdrawTitle", { name })}
            description={t("withdrawDescription")}
            confirmLabel={t("withdraw")}
            action={withdrawAction}
            fields={fields}
            done={t("withdrawn_done", { name })}
          />
        ) : null}
      </div>
    </Explained>
  );
}
