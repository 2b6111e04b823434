import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Badge, type Tone } from "@/components/ui/badge";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { TableRegion } from "@/components/ui/table";
import { TimeText } from "@/components/ui/time-text";
import type { StorageFacts } from "@/lib/storage-checks/read-storage";

type Check = NonNullable<StorageFacts["lastCheck"]>;
type Result = Check["results"][number];

const tones: Record<Result["outcome"], Tone> = {
  holds: "positive",
  fails: "danger",
  unsupported: "neutral",
  unknown: "caution",
};

/** Shows the result of the last check, and what to do about controls that fail. `button` runs a new check. */
export function StorageCheck({ check, button }: { check: StorageFacts["lastCheck"]; button: ReactNode }) {
  const t = useTranslations("storageCheck");
  return (
    <Card aria-labelledby="storage-check" className="mt-4 max-w-4xl">
      <CardHeader id="storage-check" title={t("title")} description={t("description")} />
      <CardBody className="grid gap-4">
        {check ? <Results check={check} /> : <EmptyState title={t("never")} description={t("neverHint")} />}
        {button}
      </CardBody>
    </Card>
  );
}

function Results({ check }: { check: Check }) {
  const t = useTranslations("storageCheck");
  return (
    <>
      <p className="text-ink-muted">
        {t("ranAt")} <TimeText value={check.createdAt} as="seconds" />
      </p>
      <TableRegion label={t("title")}>
        <table role="table" aria-label={t("title")} className="data-table w-full border-collapse text-left">
          <thead role="rowgroup">
            <tr role="row">
              {(["control", "result"] as const).map((column) => (
                <th key={column} role="columnheader" scope="col">
                  {t(column)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody role="rowgroup">
            {check.results.map((result) => (
              <Row key={result.control} result={result} />
            ))}
          </tbody>
        </table>
      </TableRegion>
    </>
  );
}

function Row({ result }: { result: Result }) {
  const t = useTranslations("storageCheck");
  const { control, outcome } = result;
  const key = `controls.${control}` as Parameters<typeof t>[0];
  const advice = adviceOn(result);
  return (
    <tr role="row">
      <td role="cell" data-primary className="whitespace-normal">
        {t.has(key) ? t(key) : control}
        {advice ? <p className="max-w-prose text-sm text-ink-muted">{t(advice)}</p> : null}
      </td>
      <td role="cell" data-label={t("result")}>
        <Badge tone={tones[outcome]}>{t(`outcomes.${wordFor(result)}`)}</Badge>
      </td>
    </tr>
  );
}

/** A control that was not requested or not wanted did not fail. */
function wordFor({ outcome, detail }: Result) {
  if (outcome !== "unsupported") return outcome;
  return detail === "not_asked" ? "notAsked" : detail === "declined" ? "declined" : outcome;
}

function adviceOn({ control, outcome, detail }: Result) {
  if (detail === "declined") return "advice.declined";
  if (outcome !== "fails" && outcome !== "unknown") return null;
  if (detail === "would_be_locked") return "advice.locked";
  if (outcome === "unknown" && detail === "forbidden") return "advice.forbidden";
  return control === "recordings_encrypted" && outcome === "fails"
    ? "advice.unencrypted"
    : (`advice.${outcome}` as const);
}
