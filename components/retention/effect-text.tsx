import { useTranslations } from "next-intl";
import { FormMessage } from "@/components/ui/form-message";
import type { RetentionPolicyPreview } from "@/lib/retention/preview-retention-policy-change";

/** What a change of policy would do to the stored recordings, in words; deletions stand out. */
export function EffectText({ effect }: { effect: RetentionPolicyPreview }) {
  const t = useTranslations("retention.effect");
  return (
    <>
      <p>{t("moved", { count: effect.recordings, days: effect.days })}</p>
      <FormMessage tone={effect.dueAtOnce > 0 ? "caution" : "info"}>{t("dueAtOnce", { count: effect.dueAtOnce })}</FormMessage>
    </>
  );
}
