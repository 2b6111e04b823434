import type { Route } from "next";
import { useTranslations } from "next-intl";
import { RowLink } from "@/components/table/row-link";
import { Card, CardHeader } from "@/components/ui/card";
import type { RecordingHolds as Holds } from "@/lib/legal-holds/list-recording-holds";

/** Lists the holds on a recording: by name those that the reader may see, the others counted. */
export function RecordingHolds({ holds: { active, named, isLocked } }: { holds: Holds }) {
  const t = useTranslations("holds.recording");
  if (active === 0) return null;
  const unnamed = active - named.length;
  return (
    <Card aria-labelledby="holds">
      <CardHeader id="holds" title={t("title")} description={isLocked ? t("locked") : t("description")} />
      <ul className="divide-y divide-line">
        {named.map(({ id, matter }) => (
          <li key={id} className="px-4 py-2">
            <RowLink href={`/retention/holds/${id}` as Route}>{matter}</RowLink>
          </li>
        ))}
        {unnamed > 0 ? <li className="px-4 py-2 text-ink-muted">{t("unnamed", { count: unnamed })}</li> : null}
      </ul>
    </Card>
  );
}
