"use client";

import { useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { ConfirmedAction } from "@/components/settings/confirmed-action";
import type { FormAction } from "@/components/settings/use-action-form";
import { Button } from "@/components/ui/button";
import { Card, CardHeader } from "@/components/ui/card";
import type { RetentionPolicyPreview } from "@/lib/retention/preview-retention-policy-change";

export type DeactivatePolicyProps = { policyId: string; version: string; effect: RetentionPolicyPreview; action: FormAction<unknown> };

/** Ends a policy after saying what becomes of its recordings. */
export function DeactivatePolicy({ policyId, version, effect, action }: DeactivatePolicyProps) {
  const t = useTranslations("retention");
  const router = useRouter();
  return (
    <Card className="mt-4 max-w-2xl" aria-labelledby="deactivate">
      <CardHeader
        id="deactivate"
        title={t("deactivate.title")}
        description={t("deactivate.description", { days: effect.days })}
        className="border-b-0"
        actions={
          <ConfirmedAction
            trigger={<Button>{t("deactivate.button")}</Button>}
            title={t("deactivate.question")}
            description={t("deactivate.description", { days: effect.days })}
            touches={[t("effect.moved", { count: effect.recordings, days: effect.days }), t("effect.dueAtOnce", { count: effect.dueAtOnce })]}
            confirmLabel={t("deactivate.button")}
            action={action}
            fields={{ policyId, version, acknowledgedDue: String(effect.dueAtOnce) }}
            done={t("deactivate.done")}
            onDone={() => {
              router.push("/retention/policies");
              router.refresh();
            }}
          />
        }
      />
    </Card>
  );
}
