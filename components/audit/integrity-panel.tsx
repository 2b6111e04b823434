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
  const { lastSeal, lastAnchor, waiting, unanchored, isLate, held } = integrity;
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
    {
      term: t("integrity.counters"),
      description: t(integrity.leavesCounters ? "integrity.countersLeft" : "integrity.noCounters"),
    },
    ...(held ? [{ term: t("integrity.holder"), description: <Holder held={held} /> }] : []),
    { term: t("integrity.signingKey"), description: lastSeal?.signingKeyId ?? none },
  ];
  return (
    <Card aria-labelledby="integrity">
      <details>
        <summary className="flex cursor-pointer flex-wrap items-baseline gap-x-3 px-4 py-1.5 hover:bg-sunken">
          {isLate || held ? (
            <ShieldAlert aria-hidden className={`size-4 self-center ${held ? "text-danger" : "text-caution"}`} />
          ) : (
            <ShieldCheck aria-hidden className="size-4 self-center text-positive" />
          )}
          <h2 id="integrity" className="font-semibold">
            {t("integrity.title")}
          </h2>
          <span className={held ? "text-danger" : isLate ? "text-caution" : "text-ink-muted"}>
            <Status integrity={integrity} />
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
function Status({ integrity: { lastSeal, lastAnchor, waiting, held, isLate } }: { integrity: Integrity }) {
  const t = useTranslations("audit.integrity");
  if (held) return t("held", { seconds: held.seconds, count: held.waiting });
  if (isLate) return t("late");
  if (!lastSeal) return t("status.none");
  const anchored = lastAnchor ? t("status.anchored", { sequence: lastAnchor.sequence }) : t("status.notAnchored");
  return (
    <>
      {t("status.sealed", { sequence: lastSeal.sequence })} <TimeText value={lastSeal.sealedAt} as="seconds" /> ·{" "}
      {anchored} · {t("status.waiting", { count: waiting.count })}
    </>
  );
}

/** The transaction that keeps events from their seal, as far as the database shows it. */
function Holder({ held: { transaction, seconds } }: { held: NonNullable<Integrity["held"]> }) {
  const t = useTranslations("audit.integrity");
  if (!transaction) return t("holderGone");
  const { pid, role, startedAt } = transaction;
  const named = { pid: pid ?? t("prepared"), role: role ?? "?" };
  if (!startedAt) return t("holderForAtLeast", { ...named, seconds });
  return (
    <>
      {t("holderSince", named)} <TimeText value={startedAt} as="seconds" />
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
