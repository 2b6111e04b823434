import type { Route } from "next";
import { useTimeZone, useTranslations } from "next-intl";
import { BlockedBadge } from "@/components/recordings/blocked-badge";
import { QuarantineBadge } from "@/components/recordings/quarantine-badge";
import { RecordingState } from "@/components/recordings/recording-state";
import { RowLink } from "@/components/table/row-link";
import { Card, CardHeader } from "@/components/ui/card";
import { formatBeside, formatDuration, formatMonth } from "@/lib/i18n/format";
import type { CallRecording } from "@/lib/recordings/list-call-recordings";

type CallRecordingsProps = { parts: CallRecording[]; currentId: string };

/** Lists the recordings of a call in order, if it has several, and marks the one that the page shows. */
export function CallRecordings({ parts, currentId }: CallRecordingsProps) {
  const t = useTranslations("recordings.detail");
  const zone = useTimeZone() ?? "UTC";
  if (parts.length <= 1) return null;
  return (
    <Card aria-labelledby="call-recordings">
      <CardHeader id="call-recordings" title={t("ofCall")} description={t("ofCallDescription")} />
      <ol className="divide-y divide-line">
        {parts.map(
          ({
            id,
            state,
            quarantine,
            blockedAt,
            startedAt,
            anonymisedAt,
            durationMs,
            isEmpty,
            codec,
            sourceRecordingId,
            label,
            unit,
          }) => (
            <li
              key={id}
              aria-current={id === currentId || undefined}
              className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 px-4 py-2"
            >
              <span className="min-w-0">
                <RowLink href={`/recordings/${id}` as Route}>
                  {[
                    anonymisedAt ? formatMonth(startedAt, unit.timeZone) : formatBeside(startedAt, unit.timeZone, zone),
                    durationMs !== null && formatDuration(durationMs / 1000),
                  ]
                    .filter(Boolean)
                    .join(" · ")}
                </RowLink>
                <span className="block text-sm break-all text-ink-muted">
                  {[
                    id === currentId && t("ofCallCurrent"),
                    isEmpty && t("ofCallEmpty"),
                    label.side && t(`ofCallSides.${label.side}`),
                    label.part > 1 && t("ofCallPart", { part: label.part }),
                    unit.name,
                    sourceRecordingId,
                    codec,
                  ]
                    .filter(Boolean)
                    .join(" · ")}
                </span>
              </span>
              {state === "stored" && quarantine === "quarantined" ? <QuarantineBadge /> : null}
              {blockedAt ? <BlockedBadge /> : null}
              <RecordingState state={state} />
            </li>
          ),
        )}
      </ol>
    </Card>
  );
}
