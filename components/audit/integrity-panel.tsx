import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { ShieldAlert, ShieldCheck } from "lucide-react";
import { Card, CardBody } from "@/components/ui/card";
import { useCause } from "@/components/ui/code-words";
import { DescriptionList } from "@/components/ui/description-list";
import { TimeText } from "@/components/ui/time-text";
import { SiemFacts } from "@/components/audit/siem-facts";
import type { Integrity } from "@/lib/audit/read-integrity";
import type { SiemStreamState } from "@/lib/notifications/siem/read-siem-stream";

type IntegrityPanelProps = { integrity: Integrity; siem?: SiemStreamState | null; children?: ReactNode };

/** One line says up to when the log is sealed and whether that is late; it opens to the facts and the actions. */
export function IntegrityPanel({ integrity, siem = null, children }: IntegrityPanelProps) {
  const t = useTranslations("audit");
  const { lastSeal, lastAnchor, waiting, unanchored, held, witnesses, timestamps } = integrity;
  const tone = toneOf(integrity);
  const isSiemStopped = siem !== null && (siem.isStopped || siem.rejections.length > 0);
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
    ...(witnesses.length > 0
      ? [{ term: t("integrity.witnesses"), description: <Witnesses witnesses={witnesses} /> }]
      : []),
    ...(timestamps ? [{ term: t("integrity.timestamps"), description: <TimeStamps timestamps={timestamps} /> }] : []),
    ...(held ? [{ term: t("integrity.holder"), description: <Holder held={held} /> }] : []),
    ...(siem ? [{ term: t("siem.title"), description: <SiemFacts siem={siem} /> }] : []),
    { term: t("integrity.signingKey"), description: lastSeal?.signingKeyId ?? none },
  ];
  return (
    <Card aria-labelledby="integrity">
      <details>
        <summary className="flex cursor-pointer flex-wrap items-baseline gap-x-3 px-4 py-1.5 hover:bg-sunken">
          {tone === "text-ink-muted" && !isSiemStopped ? (
            <ShieldCheck aria-hidden className="size-4 self-center text-positive" />
          ) : (
            <ShieldAlert aria-hidden className={`size-4 self-center ${isSiemStopped ? "text-danger" : tone}`} />
          )}
          <h2 id="integrity" className="font-semibold">
            {t("integrity.title")}
          </h2>
          <span className={tone}>
            <Status integrity={integrity} />
          </span>
          {isSiemStopped ? <span className="text-danger">{t("siem.stopped")}</span> : null}
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

function toneOf({ held, isLate, witnesses, timestamps }: Integrity) {
  if (held || witnesses.some(({ isConflict }) => isConflict)) return "text-danger";
  return isLate || timestamps?.isLate || witnesses.some((witness) => witness.isLate || witness.isUnknown)
    ? "text-caution"
    : "text-ink-muted";
}

/** Up to where the log is sealed. Says no more: whether it is whole, a verification tells. */
function Status({ integrity }: { integrity: Integrity }) {
  const { lastSeal, lastAnchor, waiting, held, isLate, witnesses, timestamps } = integrity;
  const t = useTranslations("audit.integrity");
  if (held) return t("held", { seconds: held.seconds, count: held.waiting });
  if (witnesses.some(({ isConflict }) => isConflict)) return t("witnessConflict");
  if (witnesses.some(({ isUnknown }) => isUnknown)) return t("witnessUnknown");
  if (isLate) return t("late");
  if (witnesses.some((witness) => witness.isLate)) return t("witnessLate");
  if (timestamps?.isLate) return t("timestampLate");
  if (!lastSeal) return t("status.none");
  const anchored = lastAnchor ? t("status.anchored", { sequence: lastAnchor.sequence }) : t("status.notAnchored");
  return (
    <>
      {t("status.sealed", { sequence: lastSeal.sequence })} <TimeText value={lastSeal.sealedAt} as="seconds" /> ·{" "}
      {anchored} · {t("status.waiting", { count: waiting.count })}
    </>
  );
}

/** Up to where each witness cosigned, and why it did not go on. */
function Witnesses({ witnesses }: Pick<Integrity, "witnesses">) {
  const t = useTranslations("audit.integrity");
  const cause = useCause();
  return (
    <ul>
      {witnesses.map(({ name, newest, failure }) => (
        <li key={name}>
          {newest ? t("witnessed", { name, sequence: newest.sequence }) : t("neverWitnessed", { name })}{" "}
          {newest ? <TimeText value={newest.cosignedAt} as="seconds" /> : null}
          {failure ? ` · ${t("witnessFailure", { cause: cause(failure) })}` : null}
        </li>
      ))}
    </ul>
  );
}

/** Up to where the log has a time stamp, and why the last attempt failed. */
function TimeStamps({ timestamps: { newest, failure } }: { timestamps: NonNullable<Integrity["timestamps"]> }) {
  const t = useTranslations("audit.integrity");
  const cause = useCause();
  return (
    <>
      {newest ? <Marked sequence={newest.sequence} at={newest.stampedAt} /> : t("none")}
      {failure ? ` · ${t("witnessFailure", { cause: cause(failure) })}` : null}
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
