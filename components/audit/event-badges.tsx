import { ShieldCheck } from "lucide-react";
import { useTranslations } from "next-intl";
import { Badge } from "@/components/ui/badge";
import type { AuditEventItem } from "@/lib/audit/event-descriptions";

const tones = { success: "neutral", denied: "caution", failure: "danger" } as const;

/** Shows the outcome of an event, unless it succeeded. */
export function OutcomeBadge({ outcome }: { outcome: AuditEventItem["outcome"] }) {
  const t = useTranslations("audit.outcomes");
  return outcome === "success" ? null : <Badge tone={tones[outcome]}>{t(outcome)}</Badge>;
}

/** Shows whether a signed seal covers the event. */
export function SealBadge({ seal }: { seal: number | null }) {
  const t = useTranslations("audit.seal");
  if (seal === null) return <Badge tone="info">{t("waiting")}</Badge>;
  return (
    <Badge tone="positive">
      <ShieldCheck aria-hidden />
      {t("sealed", { sequence: seal })}
    </Badge>
  );
}
