import { useTranslations } from "next-intl";
import { Badge, type Tone } from "@/components/ui/badge";
import { formatDuration } from "@/lib/i18n/format";
import type { RetentionRunRow } from "@/lib/deletion/runs/list-retention-runs";

const tones: Record<RetentionRunRow["state"], Tone> = {
  running: "info",
  finished: "positive",
  out_of_time: "caution",
  failed: "danger",
  interrupted: "danger",
};

/** Shows the state of a run. */
export function RunState({ state }: Pick<RetentionRunRow, "state">) {
  const t = useTranslations("retention.runs.states");
  return <Badge tone={tones[state]}>{t(state)}</Badge>;
}

/** Shows the duration of a run; a dash while it runs. */
export function RunDuration({ startedAt, finishedAt }: Pick<RetentionRunRow, "startedAt" | "finishedAt">) {
  const t = useTranslations("retention.runs");
  if (finishedAt === null) return "–";
  const seconds = (finishedAt.getTime() - startedAt.getTime()) / 1000;
  return seconds < 1 ? t("underASecond") : formatDuration(seconds);
}
