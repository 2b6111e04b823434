"use client";

import type { Route } from "next";
import { useTranslations } from "next-intl";
import Link from "next/link";
import { ConfirmedAction } from "@/components/forms/confirmed-action";
import type { FormAction } from "@/components/forms/use-action-form";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import type { SingleSignOnView } from "@/lib/access/single-sign-on/settings/read-single-sign-on";

export type LocalSignInCardProps = {
  view: Pick<SingleSignOnView, "isLocalSignInOff" | "missing" | "breakGlass">;
  action?: FormAction<{ enabled: boolean }>;
};

/** Whether passwords sign in, who has emergency access, and what is missing before passwords can be switched off. */
export function LocalSignInCard({ view: { isLocalSignInOff, missing, breakGlass }, action }: LocalSignInCardProps) {
  const t = useTranslations("settings.singleSignOn.local");
  const isReady = isLocalSignInOff || missing.length === 0;
  return (
    <Card aria-labelledby="local">
      <CardHeader
        id="local"
        title={t("title")}
        description={t("description")}
        actions={action && isReady ? <Change isOff={isLocalSignInOff} action={action} /> : null}
      />
      <CardBody className="grid gap-3">
        <p>{t(isLocalSignInOff ? "stateOff" : "stateOn")}</p>
        {isReady ? null : <Missing missing={missing} />}
        <div>
          <h3 className="text-sm font-medium">{t("people")}</h3>
          {breakGlass.length === 0 ? <p className="text-ink-muted">{t("nobody")}</p> : null}
          <ul>
            {breakGlass.map(({ id, name }) => (
              <li key={id}>
                <Link href={`/users/${id}` as Route} className="underline">
                  {name}
                </Link>
              </li>
            ))}
          </ul>
        </div>
      </CardBody>
    </Card>
  );
}

function Missing({ missing }: { missing: SingleSignOnView["missing"] }) {
  const t = useTranslations("settings.singleSignOn.local");
  return (
    <div>
      <p>{t("missingTitle")}</p>
      <ul className="list-disc pl-5">
        {missing.map((what) => (
          <li key={what}>{t(`missing.${what}`)}</li>
        ))}
      </ul>
    </div>
  );
}

function Change({ isOff, action }: { isOff: boolean; action: FormAction<{ enabled: boolean }> }) {
  const t = useTranslations("settings.singleSignOn.local");
  return (
    <ConfirmedAction
      trigger={<Button variant={isOff ? "primary" : "danger"}>{t(isOff ? "onButton" : "off")}</Button>}
      tone={isOff ? "primary" : "danger"}
      title={t(isOff ? "onTitle" : "offTitle")}
      description={t(isOff ? "onText" : "offText")}
      touches={isOff ? undefined : [t("offTouches")]}
      confirmLabel={t(isOff ? "onButton" : "off")}
      action={action}
      fields={{ enabled: String(isOff) }}
      done={t("saved")}
    />
  );
}
