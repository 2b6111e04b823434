import { useTranslations } from "next-intl";
import { Badge } from "@/components/ui/badge";
import type { RetentionPolicyRow } from "@/lib/retention/policies/policy-selection";

/** Shows the state of a policy. `today` is the controller's calendar day. */
export function PolicyBadges({
  policy: { isDefault, active, moving, reviewOn },
  today,
}: {
  policy: Pick<RetentionPolicyRow, "isDefault" | "active" | "moving" | "reviewOn">;
  today: string;
}) {
  const t = useTranslations("policies");
  const inactive = <Badge>{t("inactive")}</Badge>;
  return (
    <>
      {isDefault ? <Badge tone="accent">{t("default")}</Badge> : null} {active ? null : inactive}{" "}
      {moving ? <Badge tone="caution">{t("moving")}</Badge> : null}{" "}
      {active && reviewOn < today ? <Badge tone="danger">{t("reviewOverdue")}</Badge> : null}
    </>
  );
}
