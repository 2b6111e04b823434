import type { Route } from "next";
import { useLocale, useTranslations } from "next-intl";
import Link from "next/link";
import { RecordingState } from "@/components/recordings/recording-state";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRegion, TableRow } from "@/components/ui/table";
import { TimeText } from "@/components/ui/time-text";
import { formatBytes } from "@/lib/i18n/format";
import type { HoldPreview } from "@/lib/legal-holds/preview-hold";

/** Shows what a selection would put under a hold, and what it leaves out. */
export function HoldPreviewSummary({ preview }: { preview: HoldPreview }) {
  const t = useTranslations("holds.preview");
  const locale = useLocale();
  const { recordings, calls, sizeBytes, units, alreadyHeld, alreadyHere, tooLate, sample } = preview;
  const { markedForDeletion, quarantined, widened } = preview;
  const unchanged = alreadyHere - widened;
  return (
    <div className="grid gap-3">
      <p className="text-md font-semibold">{t("count", { count: recordings, size: formatBytes(sizeBytes, locale) })}</p>
      {widened > 0 ? <p className="font-semibold">{t("widened", { count: widened })}</p> : null}
      {recordings > 0 ? <p>{t("calls", { count: calls })}</p> : null}
      {units.length > 0 ? (
        <ul className="grid gap-1 border-l-2 border-accent pl-3">
          {units.map((unit) => (
            <li key={unit.id}>
              {t("unit", { name: unit.name, count: unit.recordings, size: formatBytes(unit.sizeBytes, locale) })}
            </li>
          ))}
        </ul>
      ) : null}
      <ul className="text-sm text-ink-muted">
        <li>{t("alreadyHeld", { count: alreadyHeld })}</li>
        {unchanged > 0 ? <li>{t("alreadyHere", { count: unchanged })}</li> : null}
        {markedForDeletion > 0 ? <li>{t("markedForDeletion", { count: markedForDeletion })}</li> : null}
        {quarantined > 0 ? <li>{t("quarantined", { count: quarantined })}</li> : null}
        <li>{t("tooLate", { count: tooLate })}</li>
      </ul>
      {sample.length > 0 ? <Sample rows={sample} isWhole={sample.length === recordings} /> : null}
    </div>
  );
}

function Sample({ rows, isWhole }: { rows: HoldPreview["sample"]; isWhole: boolean }) {
  const t = useTranslations("holds.preview");
  const title = isWhole ? t("all") : t("sample", { count: rows.length });
  return (
    <TableRegion label={title}>
      <Table>
        <caption className="pb-1 text-left text-sm text-ink-muted">{title}</caption>
        <TableHead>
          <TableRow>
            {(["startedAt", "unit", "queue", "state"] as const).map((column) => (
              <TableHeader key={column}>{t(`columns.${column}`)}</TableHeader>
            ))}
          </TableRow>
        </TableHead>
        <TableBody>
          {rows.map(({ id, startedAt, timeZone, unit, queue, state }) => (
            <TableRow key={id}>
              <TableCell className="whitespace-nowrap">
                <Link href={`/recordings/${id}` as Route} prefetch={false} className="text-accent hover:underline">
                  <TimeText value={startedAt} timeZone={timeZone} />
                </Link>
              </TableCell>
              <TableCell>{unit}</TableCell>
              <TableCell>{queue ?? "–"}</TableCell>
              <TableCell>
                <RecordingState state={state} />
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </TableRegion>
  );
}
