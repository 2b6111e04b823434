import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { ShieldAlert, ShieldCheck } from "lucide-react";
import { Card, CardBody } from "@/components/ui/card";
import { DescriptionList } from "@/components/ui/description-list";
import { TimeText } from "@/components/ui/time-text";
import type { Integrity } from "@/lib/audit/read-integrity";

/** One line says up to when the log is sealed and whether that is late; it opens to the facts and the actions. */
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
      <details>
        <summary className="flex cursor-pointer flex-wrap items-baseline gap-x-3 px-4 py-1.5 hover:bg-sunken">
          {isLate ? (
            <ShieldAlert aria-hidden className="size-4 self-center text-caution" />
          ) : (
            <ShieldCheck aria-hidden className="size-4 self-center text-positive" />
          )}
          <h2 id="integrity" className="font-semibold">
            {t("integrity.title")}
          </h2>
          <span className={isLate ? "text-caution" : "text-ink-muted"}>
            {isLate ? t("integrity.late") : <Status integrity={integrity} />}
          </span>
        </summary>
        <CardBody className="grid gap-3 border-t border-line">
          <p className="text-sm text-ink-muted">{t("integrity.description")}</p>
          <DescriptionList facts={facts} columns={2} />
          {children}
        </CardBody>
      </details>
    </Card>
  );
}

/** Up to where the log is sealed. Says no more: whether it is whole, a verification tells. */
function Status({ integrity: { lastSeal, lastAnchor, waiting } }: { integrity: Integrity }) {
  const t = useTranslations("audit.integrity");
  if (!lastSeal) return t("status.none");
  const anchored = lastAnchor ? t("status.anchored", { sequence: lastAnchor.sequence }) : t("status.notAnchored");
  return (
    <>
      {t("status.sealed", { sequence: lastSeal.sequence })} <TimeText value={lastSeal.sealedAt} as="seconds" /> ·{" "}
      {anchored} · {t("status.waiting", { count: waiting.count })}
    </>
  );
}

function Marked({ sequence, at }: { sequence: number; at: Date }) {
  return (
    <>
      {sequence} · <TimeText value={at} as="seconds" />
    </>
  );
}
