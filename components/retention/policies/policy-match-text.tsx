import { useTranslations } from "next-intl";
import { useCallKind } from "@/components/ui/code-words";
import type { RetentionPolicyRow } from "@/lib/retention/policies/policy-selection";

/** Describes which recordings a policy applies to. */
export function PolicyMatchText({
  policy: { isDefault, match, unit, queue },
}: {
  policy: Pick<RetentionPolicyRow, "isDefault" | "match" | "unit" | "queue">;
}) {
  const t = useTranslations("policies");
  const callKind = useCallKind();
  if (isDefault) return t("match.others");
  const place = queue ? t("match.queueOf", { queue: queue.code, unit: unit?.name ?? "" }) : unit?.name;
  const parts = [
    place,
    match.direction && t(`directions.${match.direction}`),
    match.callKind && t("match.callKind", { kind: callKind(match.callKind) }),
  ].filter(Boolean);
  return parts.length === 0 ? t("match.everything") : parts.join(", ");
}
