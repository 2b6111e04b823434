import type { Route } from "next";
import { useTranslations } from "next-intl";
import { RowLink } from "@/components/table/row-link";
import { Badge } from "@/components/ui/badge";
import { CardBody } from "@/components/ui/card";
import type { RetentionRunReport } from "@/lib/deletion/runs/read-retention-run";

/** Lists the holds that kept recordings from a run, with matter and count. */
export function RunHolds({ holds, most }: { holds: RetentionRunReport["holds"]; most: number }) {
  const t = useTranslations("runReport.holds");
  return (
    <>
      <ul className="divide-y divide-line">
        {holds.map(({ id, matter, recordings, releasedAt }) => (
          <li key={id} className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2">
            <RowLink href={`/retention/holds/${id}` as Route}>{matter}</RowLink>
            <span>{t("count", { count: recordings })}</span>
            {releasedAt ? <Badge>{t("released")}</Badge> : null}
          </li>
        ))}
      </ul>
      {holds.length >= most ? (
        <CardBody className="border-t border-line py-2.5 text-sm text-ink-muted">{t("most", { count: most })}</CardBody>
      ) : null}
    </>
  );
}
