import type { Route } from "next";
import { useTranslations } from "next-intl";
import Link from "next/link";
import { ReceiptLinks } from "@/components/receipts/receipt-links";
import { BlockedBadge } from "@/components/recordings/blocked-badge";
import { DoubtfulDateBadge } from "@/components/recordings/doubtful-date-badge";
import { QuarantineBadge } from "@/components/recordings/quarantine-badge";
import { RecordingState } from "@/components/recordings/recording-state";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { PageHeader } from "@/components/ui/page-header";
import { env } from "@/lib/core/env";
import { formatBeside, formatMonth } from "@/lib/i18n/format";
import type { Actor } from "@/lib/operation/actor";
import { isAllowed } from "@/lib/operation/permissions";
import type { RecordingDetails } from "@/lib/recordings/read-recording";

type RecordingHeaderProps = { recording: RecordingDetails; activeHolds: number; actor: Actor };

/** When the call was, in which state its recording is, and what may be done with it. */
export function RecordingHeader({ recording, activeHolds, actor }: RecordingHeaderProps) {
  const t = useTranslations("recordings");
  const holds = useTranslations("holds.recording");
  const { startedAt, unit, anonymisedAt } = recording;
  const zone = env().CONTROLLER_TIME_ZONE;
  const start = anonymisedAt ? formatMonth(startedAt, unit.timeZone) : formatBeside(startedAt, unit.timeZone, zone);
  return (
    <PageHeader
      parent={{ href: "/recordings", label: t("title") }}
      title={t("detail.title", { date: start })}
      status={
        <>
          <RecordingState state={recording.state} />
          {recording.isQuarantined ? <QuarantineBadge /> : null}
          {recording.isBlocked ? <BlockedBadge /> : null}
          {recording.state === "stored" && recording.dateDoubt ? <DoubtfulDateBadge /> : null}
          {activeHolds > 0 ? <Badge tone="info">{holds("held", { count: activeHolds })}</Badge> : null}
        </>
      }
      actions={<RecordingActions recording={recording} actor={actor} label={holds("place")} />}
    />
  );
}

type RecordingActionsProps = Pick<RecordingHeaderProps, "recording" | "actor"> & { label: string };

function RecordingActions({ recording: { id, state }, actor, label }: RecordingActionsProps) {
  if (state === "deleted" && isAllowed(actor, "receipt:issue"))
    return <ReceiptLinks href={`/api/receipts/recordings/${id}`} />;
  if (!isAllowed(actor, "legal-hold:place") || (state !== "stored" && state !== "pending")) return null;
  return (
    <Button asChild>
      <Link href={`/retention/holds/new?recording=${id}` as Route}>{label}</Link>
    </Button>
  );
}
