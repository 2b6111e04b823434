"use client";

import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import { ConfirmedAction } from "@/components/forms/confirmed-action";
import type { FormAction } from "@/components/forms/use-action-form";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardFooter, CardHeader } from "@/components/ui/card";
import { FormMessage } from "@/components/ui/form-message";

type Codes = { recoveryCodes: string[] };

/** How many recovery codes are left, and ten new ones. */
export function RecoveryCodes({ codesLeft, action }: { codesLeft: number; action: FormAction<Codes> }) {
  const t = useTranslations("settings.secondFactor");
  const [codes, setCodes] = useState<string[] | null>(null);
  return (
    <Card aria-labelledby="codes">
      <CardHeader id="codes" title={t("codes")} description={t("codesDescription")} />
      <CardBody className="grid gap-3">
        <p>{t("codesLeft", { count: codesLeft })}</p>
        {codes ? <RecoveryCodeList codes={codes} /> : null}
      </CardBody>
      <CardFooter>
        <ConfirmedAction
          trigger={<Button>{t("renew")}</Button>}
          title={t("renewTitle")}
          description={t("renewDescription")}
          confirmLabel={t("renew")}
          action={action}
          fields={{}}
          done={t("renewed")}
          onDone={({ recoveryCodes }) => setCodes(recoveryCodes)}
        />
      </CardFooter>
    </Card>
  );
}

/** Codes that are shown once. They are only in the memory of this component. */
export function RecoveryCodeList({ codes }: { codes: readonly string[] }) {
  const t = useTranslations("settings.secondFactor");
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => list.current?.focus(), []);
  return (
    <>
      <FormMessage tone="caution">{t("codesWarning")}</FormMessage>
      <ul
        ref={list}
        tabIndex={-1}
        aria-label={t("codes")}
        className="grid gap-1 rounded border border-line p-3 font-mono text-sm outline-none sm:grid-cols-2"
      >
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
    </>
  );
}
