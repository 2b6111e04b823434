import { useTranslations } from "next-intl";
import { Badge, type Tone } from "@/components/ui/badge";
import type { FindingRow } from "@/lib/store-scan/list-findings";

const tones: Record<FindingRow["state"], Tone> = { open: "caution", acknowledged: "neutral", resolved: "positive" };

/** Shows the state of a finding, and whether it is severe or is being resolved. */
export function FindingBadges({
  finding: { state, isSevere, removalOrderedAt },
}: {
  finding: Pick<FindingRow, "state" | "isSevere" | "removalOrderedAt">;
}) {
  const t = useTranslations("storeScan");
  return (
    <span className="inline-flex flex-wrap gap-1">
      <Badge tone={tones[state]}>{t(`states.${state}`)}</Badge>
      {state === "open" && isSevere ? <Badge tone="danger">{t("severe")}</Badge> : null}
      {state !== "resolved" && removalOrderedAt ? <Badge tone="info">{t("removalOrdered")}</Badge> : null}
    </span>
  );
}
