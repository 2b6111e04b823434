import { useTranslations } from "next-intl";
import { Badge } from "@/components/ui/badge";
import type { RetentionPolicyRow } from "@/lib/retention/policies/select-retention-policies";

/** What there is to know of a policy at a glance. `today` is the controller's calendar day. */
export function PolicyBadges({
  policy: { isDefault, active, moving, reviewOn },
  today,
}: {
  policy: Pick<RetentionPolicyRow, "isDefault" | "active" | "moving" | "reviewOn">;
  today: string;
}) {
  const t = useTranslations("policies");
  return (
    <>
      {isDefault ? <Badge tone="accent">{t("default")}</Badge> : null} {active ? null : <Badge>{t("inactive")}</Badge>}{" "}
      {moving ? <Badge tone="caution">{t("moving")}</Badge> : null}{" "}
      {active && reviewOn < today ? <Badge tone="danger">{t("reviewOverdue")}</Badge> : null}
    </>
  );
}
