import type { Route } from "next";
import { useTranslations } from "next-intl";
import { RecordingState } from "@/components/recordings/recording-state";
import { RowLink } from "@/components/table/row-link";
import { EmptyState } from "@/components/ui/empty-state";
import { TimeText } from "@/components/ui/time-text";
import type { HoldRecordingRow } from "@/lib/legal-holds/list-hold-recordings";

/** Lists the recordings of a hold. */
export function HoldRecordings({ recordings }: { recordings: readonly HoldRecordingRow[] }) {
  const t = useTranslations("holds.recordings");
  if (recordings.length === 0) return <EmptyState title={t("emptyTitle")} description={t("emptyDescription")} />;
  return (
    <ul className="divide-y divide-line">
      {recordings.map(({ id, startedAt, anonymisedAt, timeZone, unit, state }) => (
        <li key={id} className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2">
          <RowLink href={`/recordings/${id}` as Route}>
            <TimeText value={startedAt} timeZone={timeZone} as={anonymisedAt ? "month" : undefined} />
          </RowLink>
          <span>{unit}</span>
          <RecordingState state={state} />
        </li>
      ))}
    </ul>
  );
}
