"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { AddPasskey, type AddPasskeyProps } from "@/components/access/second-factor/add-passkey";
import { Enrolment, Removal, type Enrolled } from "@/components/access/second-factor/authenticator-app";
import type { FormAction } from "@/components/forms/use-action-form";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { FormMessage } from "@/components/ui/form-message";
import { TimeText } from "@/components/ui/time-text";

type OwnPasskey = { id: string; name: string; enrolledAt: Date; lastUsedAt: Date | null };

export type PasskeysProps = Omit<AddPasskeyProps, "onDone"> & {
  passkeys: readonly OwnPasskey[];
  /** Not the last factor of a person who needs one. */
  mayRemove: boolean;
  /** The portal's origin, where browsers have no passkeys. */
  unavailableAt: string | null;
  removeAction: FormAction<unknown>;
};

/** The reader's passkeys: add and remove. */
export function Passkeys({ passkeys, mayRemove, unavailableAt, removeAction, ...actions }: PasskeysProps) {
  const t = useTranslations("settings.secondFactor");
  const [enrolled, setEnrolled] = useState<Enrolled | null>(null);
  return (
    <Card aria-labelledby="passkeys">
      <CardHeader id="passkeys" title={t("passkeys")} description={t("passkeysDescription")} />
      <CardBody className="grid gap-4">
        {enrolled ? <Enrolment codes={enrolled.recoveryCodes} /> : null}
        {passkeys.length === 0 && !enrolled ? <p>{t("passkeysNone")}</p> : null}
        {passkeys.length > 0 ? (
          <ul aria-label={t("passkeysList")} className="grid gap-3">
            {passkeys.map((passkey) => (
              <PasskeyItem key={passkey.id} {...passkey} removeAction={mayRemove ? removeAction : null} />
            ))}
          </ul>
        ) : null}
        {unavailableAt ? (
          <FormMessage tone="info">{t("passkeysUnavailable", { origin: unavailableAt })}</FormMessage>
        ) : null}
      </CardBody>
      {unavailableAt ? null : <AddPasskey {...actions} onDone={setEnrolled} />}
    </Card>
  );
}

type PasskeyItemProps = OwnPasskey & { removeAction: FormAction<unknown> | null };

function PasskeyItem({ id, name, enrolledAt, lastUsedAt, removeAction }: PasskeyItemProps) {
  const t = useTranslations("settings.secondFactor");
  return (
    <li className="flex flex-wrap items-center justify-between gap-3 border-b border-line pb-3 last:border-0 last:pb-0">
      <div className="grid min-w-0 gap-0.5">
        <p className="font-medium wrap-anywhere">{name}</p>
        <p className="text-sm text-ink-muted">
          {t("enrolled")} <TimeText value={enrolledAt} />
        </p>
        <p className="text-sm text-ink-muted">
          {t("lastUsed")}: {lastUsedAt ? <TimeText value={lastUsedAt} /> : t("never")}
        </p>
      </div>
      {removeAction ? <Removal factor="passkey" id={id} name={name} action={removeAction} /> : null}
    </li>
  );
}
