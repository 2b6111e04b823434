import type { Route } from "next";
import { useTranslations } from "next-intl";
import { RecordingState } from "@/components/recordings/recording-state";
import { RowLink } from "@/components/table/row-link";
import { Card, CardHeader } from "@/components/ui/card";
import { formatDateTime, formatDuration } from "@/lib/i18n/format";
import type { CallRecording } from "@/lib/recordings/list-call-recordings";

/** Lists the other recordings of a call, if it has any. */
export function CallRecordings({ others }: { others: CallRecording[] }) {
  const t = useTranslations("recordings.detail");
  if (others.length === 0) return null;
  return (
    <Card aria-labelledby="call-recordings">
      <CardHeader id="call-recordings" title={t("ofCall")} description={t("ofCallDescription")} />
      <ul className="divide-y divide-line">
        {others.map(({ id, state, startedAt, durationMs, sourceRecordingId, unit }) => (
          <li key={id} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 px-4 py-2">
            <span className="min-w-0">
              <RowLink href={`/recordings/${id}` as Route}>
                {[formatDateTime(startedAt, unit.timeZone), durationMs !== null && formatDuration(durationMs / 1000)]
                  .filter(Boolean)
                  .join(" · ")}
              </RowLink>
              <span className="block text-sm break-all text-ink-muted">
                {[unit.name, sourceRecordingId].filter(Boolean).join(" · ")}
              </span>
            </span>
            <RecordingState state={state} />
          </li>
        ))}
      </ul>
    </Card>
  );
}
