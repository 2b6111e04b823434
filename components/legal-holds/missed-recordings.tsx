import type { Route } from "next";
import { useTranslations } from "next-intl";
import { RowLink } from "@/components/table/row-link";
import { TimeText } from "@/components/ui/time-text";
import type { MissedRecordingRow } from "@/lib/legal-holds/list-missed-recordings";

/** Lists recordings that were deleted before the hold was placed, with the time. */
export function MissedRecordings({ recordings }: { recordings: readonly MissedRecordingRow[] }) {
  const t = useTranslations("holds.missed");
  return (
    <ul className="divide-y divide-line">
      {recordings.map(({ id, goneSince, unit }) => (
        <li key={id} className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2">
          <RowLink href={`/recordings/${id}` as Route}>
            {t.rich("goneSince", { since: () => <TimeText value={goneSince} as="seconds" /> })}
          </RowLink>
          <span>{unit}</span>
        </li>
      ))}
    </ul>
  );
}
