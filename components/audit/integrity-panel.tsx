import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { DescriptionList } from "@/components/ui/description-list";
import { FormMessage } from "@/components/ui/form-message";
import { TimeText } from "@/components/ui/time-text";
import type { Integrity } from "@/lib/audit/read-integrity";

/** Shows up to where the log is sealed and anchored. `children` are the actions. */
export function IntegrityPanel({ integrity, children }: { integrity: Integrity; children?: ReactNode }) {
  const t = useTranslations("audit");
  const { lastSeal, lastAnchor, waiting, unanchored, isLate } = integrity;
  const none = t("integrity.none");
  const facts = [
    {
      term: t("integrity.lastSeal"),
      description: lastSeal ? <Marked sequence={lastSeal.sequence} at={lastSeal.sealedAt} /> : none,
    },
    {
      term: t("integrity.lastAnchor"),
      description: lastAnchor ? <Marked sequence={lastAnchor.sequence} at={lastAnchor.anchoredAt} /> : none,
    },
    {
      term: t("integrity.waiting"),
      description: waiting.oldestAt ? (
        <>
          {t("integrity.waitingSince", { count: waiting.count })} <TimeText value={waiting.oldestAt} as="seconds" />
        </>
      ) : (
        none
      ),
    },
    { term: t("integrity.unanchored"), description: unanchored === 0 ? none : unanchored },
    { term: t("integrity.signingKey"), description: lastSeal?.signingKeyId ?? none },
  ];
  return (
    <Card aria-labelledby="integrity">
      <CardHeader id="integrity" title={t("integrity.title")} description={t("integrity.description")} />
      <CardBody className="grid gap-3">
        <FormMessage tone="caution">{isLate ? t("integrity.late") : null}</FormMessage>
        <DescriptionList facts={facts} columns={2} />
        {children}
      </CardBody>
    </Card>
  );
}

function Marked({ sequence, at }: { sequence: number; at: Date }) {
  return (
    <>
      {sequence} · <TimeText value={at} as="seconds" />
    </>
  );
}
