import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { useCause } from "@/components/ui/code-words";
import { RefreshWhileRunning } from "@/components/store-scan/refresh-while-running";
import { Badge, type Tone } from "@/components/ui/badge";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { DescriptionList } from "@/components/ui/description-list";
import { EmptyState } from "@/components/ui/empty-state";
import { TimeText } from "@/components/ui/time-text";
import type { ScanStatus } from "@/lib/store-scan/read-scan-status";

type Run = NonNullable<ScanStatus["run"]>;

const tones: Record<Run["state"], Tone> = { running: "info", finished: "positive", failed: "danger" };

/** Shows the current or last scan, and the time of the last complete one. `button` starts a new one. */
export function ScanStatusCard({ status, button }: { status: ScanStatus; button: ReactNode }) {
  const t = useTranslations("storeScan.status");
  const { run } = status;
  return (
    <Card aria-labelledby="store-scan">
      <CardHeader id="store-scan" title={t("title")} actions={button} />
      {run ? <RunFacts run={run} status={status} /> : <EmptyState title={t("never")} description={t("neverHint")} />}
    </Card>
  );
}

function RunFacts({ run, status: { lastWholeRunAt, isLate } }: { run: Run; status: ScanStatus }) {
  const t = useTranslations("storeScan.status");
  const cause = useCause();
  const { state, phase, reason, startedAt, progressAt, objectsSeen, recordingsSeen, unchecked, found, resolved } = run;
  const facts = [
    {
      term: t("run"),
      description: (
        <>
          <Badge tone={tones[state]}>{t(`states.${state}`)}</Badge> {state === "running" ? t(`phases.${phase}`) : null}
        </>
      ),
    },
    { term: t("startedAt"), description: <TimeText value={startedAt} as="seconds" /> },
    { term: t("progressAt"), description: <TimeText value={progressAt} as="seconds" /> },
    { term: t("seen"), description: t("seenValue", { objects: objectsSeen, recordings: recordingsSeen }) },
    { term: t("changes"), description: t("changesValue", { found, resolved }) },
    ...(reason === null ? [] : [{ term: t("reason"), description: cause(reason) }]),
    ...(unchecked > 0 ? [{ term: t("unchecked"), description: t("uncheckedValue", { count: unchecked }) }] : []),
    { term: t("lastWhole"), description: <LastWhole at={lastWholeRunAt} isLate={isLate} /> },
  ];
  return (
    <CardBody className="py-2">
      <div aria-live="polite">
        <DescriptionList facts={facts} columns={2} />
      </div>
      {state === "running" ? <RefreshWhileRunning /> : null}
    </CardBody>
  );
}

function LastWhole({ at, isLate }: { at: Date | null; isLate: boolean }) {
  const t = useTranslations("storeScan.status");
  if (!at) return t("none");
  return (
    <>
      <TimeText value={at} as="seconds" />{" "}
      {isLate ? <span className="font-medium text-danger">{t("late")}</span> : null}
    </>
  );
}
