"use client";

import { useTranslations } from "next-intl";
import { useEffect, useRef } from "react";
import { OwnRequestSteps, type OwnRequestActions } from "@/components/subject-requests/public-page/own-request-steps";
import { Card, CardBody } from "@/components/ui/card";
import { DescriptionList } from "@/components/ui/description-list";
import { FormMessage } from "@/components/ui/form-message";
import { formatProtocol } from "@/lib/i18n/format";
import type { SubmittedRequest } from "@/lib/subject-requests/public-page/submit-request";

/** Protocol and code of a request, shown once, and the way to prove a line. */
export function RequestReceipt({ receipt, actions }: { receipt: SubmittedRequest; actions: OwnRequestActions }) {
  const t = useTranslations("titular.receipt");
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const { protocol, followUpCode, unprovenDays, asksForAnother } = receipt;
  return (
    <div className="grid gap-4">
      <Card aria-labelledby="receipt">
        <CardBody className="grid gap-3">
          <h2 id="receipt" ref={heading} tabIndex={-1} className="text-lg font-semibold">
            {t("title")}
          </h2>
          <FormMessage tone="caution">{t("once")}</FormMessage>
          <DescriptionList
            facts={[
              { term: t("protocol"), description: <strong className="font-mono">{formatProtocol(protocol)}</strong> },
              { term: t("code"), description: <strong className="font-mono">{followUpCode}</strong> },
            ]}
          />
          <p>{t("clock")}</p>
          <p>{t("unproven", { days: unprovenDays })}</p>
          {asksForAnother ? <p>{t("mandate")}</p> : null}
        </CardBody>
      </Card>
      <OwnRequestSteps access={{ protocol, followUpCode }} actions={actions} />
    </div>
  );
}
