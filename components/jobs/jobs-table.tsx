import { useTranslations } from "next-intl";
import { RetryJob } from "@/components/jobs/retry-job";
import type { FormAction } from "@/components/forms/use-action-form";
import { PlainTable, type PlainColumn } from "@/components/table/plain-table";
import { Badge, type Tone } from "@/components/ui/badge";
import { EmptyState } from "@/components/ui/empty-state";
import { wordsOfCode } from "@/components/ui/code-words";
import { TimeText } from "@/components/ui/time-text";
import type { JobRow, JobState } from "@/lib/jobs/list-jobs";

const tones = { waiting: "neutral", running: "caution", failed: "danger" } as const satisfies Record<JobState, Tone>;

/** Lists jobs with their state; one that failed for good can be retried. */
export function JobsTable({ jobs, retryAction }: { jobs: readonly JobRow[]; retryAction: FormAction<null> }) {
  const t = useTranslations("jobs");
  const sentence = useJobError();
  if (jobs.length === 0) return <EmptyState title={t("empty.title")} description={t("empty.description")} />;
  const columns: PlainColumn<JobRow>[] = [
    { key: "kind", label: t("columns.kind"), cell: ({ kind }) => t(`kinds.${kind}`) },
    {
      key: "state",
      label: t("columns.state"),
      cell: ({ state }) => <Badge tone={tones[state]}>{t(`states.${state}`)}</Badge>,
    },
    { key: "createdAt", label: t("columns.createdAt"), cell: ({ createdAt }) => <TimeText value={createdAt} /> },
    { key: "tries", label: t("columns.tries"), align: "end", cell: ({ tries }) => tries },
    {
      key: "next",
      label: t("columns.next"),
      cell: ({ nextAttemptAt }) => (nextAttemptAt ? <TimeText value={nextAttemptAt} /> : t("none")),
    },
    {
      key: "error",
      label: t("columns.error"),
      cell: ({ kind, lastError }) => (lastError === null ? t("none") : sentence(kind, lastError)),
    },
    {
      key: "action",
      label: t("columns.action"),
      cell: ({ id, kind, state }) =>
        state === "failed" ? (
          <RetryJob jobId={id} label={t("retry.label", { kind: t(`kinds.${kind}`) })} action={retryAction} />
        ) : (
          t("none")
        ),
    },
  ];
  return <PlainTable label={t("title")} columns={columns} rows={jobs} rowId={({ id }) => id} />;
}

/** Returns a sentence for the code of a failure; never the code itself. */
function useJobError(): (kind: JobRow["kind"], code: string) => string {
  const t = useTranslations();
  return (kind, code) => {
    const { key, status } = wordsOfCode(code);
    const places = ["jobs.errors", "webhooks.failures", "errors", "codes.causes"];
    if (kind === "message") places.unshift("codes.causes");
    const found = places.map((place) => `${place}.${key}`).find((name) => t.has(name as never));
    return t((found ?? "jobs.errors.internal") as never, { status } as never);
  };
}
