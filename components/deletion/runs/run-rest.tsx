import { useTranslations } from "next-intl";
import { isCountedAtEnd } from "@/components/deletion/runs/runs-table";
import { WaitingReasons } from "@/components/deletion/waiting-list";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import type { RetentionRunReport } from "@/lib/deletion/runs/read-retention-run";

/** Why a run left what it left, and why one that deleted nothing did so. Nothing for a run that left nothing. */
export function RunRest({ run }: { run: RetentionRunReport }) {
  const t = useTranslations("runReport.rest");
  if (!isCountedAtEnd(run)) return null;
  const kept = (["held", "doubtfulDate", "blocked"] as const).filter((reason) => run[reason] > 0);
  const leftNothing = run.waiting.length === 0 && kept.length === 0;
  if (leftNothing && (run.deleted > 0 || run.remaining > 0)) return null;
  return (
    <Card aria-labelledby="rest">
      <CardHeader id="rest" title={t(run.deleted === 0 ? "titleNothing" : "title")} />
      <CardBody className="grid gap-1">
        {leftNothing ? <p>{t("nothingDue")}</p> : null}
        <WaitingReasons reasons={run.waiting} />
        {kept.length > 0 ? (
          <ul className="list-disc pl-5">
            {kept.map((reason) => (
              <li key={reason}>{t(reason, { count: run[reason] })}</li>
            ))}
          </ul>
        ) : null}
      </CardBody>
    </Card>
  );
}
