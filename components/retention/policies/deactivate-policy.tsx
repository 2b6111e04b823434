"use client";

import { useLocale, useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { useEffectLines } from "@/components/retention/policies/effect-summary";
import { ConfirmedAction } from "@/components/forms/confirmed-action";
import type { FormAction } from "@/components/forms/use-action-form";
import { Button } from "@/components/ui/button";
import { Card, CardHeader } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Textarea } from "@/components/ui/textarea";
import { formatBytes } from "@/lib/i18n/format";
import type { RetentionPolicyPreview } from "@/lib/retention/policies/preview-retention-policy-change";

export type DeactivatePolicyProps = {
  policyId: string;
  version: number;
  effect: RetentionPolicyPreview;
  action: FormAction<{ approvalId?: string }>;
};

/** Deactivates a policy after showing the effect on its recordings. */
export function DeactivatePolicy({ policyId, version, effect, action }: DeactivatePolicyProps) {
  const t = useTranslations("policies");
  const router = useRouter();
  const locale = useLocale();
  const { recordings, sizeBytes } = effect.dueAtOnce;
  const lines = [
    ...useEffectLines()(effect),
    t("effect.dueAtOnce", { count: recordings, size: formatBytes(sizeBytes, locale) }),
    ...(effect.needsApproval ? [t("effect.needsApproval")] : []),
  ];
  return (
    <Card className="mt-4 max-w-2xl" aria-labelledby="deactivate">
      <CardHeader
        id="deactivate"
        title={t("deactivate.title")}
        description={t("deactivate.description")}
        className="border-b-0"
        actions={
          <ConfirmedAction
            trigger={<Button>{t("deactivate.button")}</Button>}
            title={t("deactivate.question")}
            description={t("deactivate.description")}
            touches={lines}
            confirmLabel={t(effect.needsApproval ? "confirmation.ask" : "deactivate.button")}
            action={action}
            fields={{ policyId, version: String(version), acknowledgedDue: String(recordings) }}
            done={t(effect.needsApproval ? "confirmation.asked" : "deactivate.done")}
            onDone={({ approvalId }) => {
              router.push(approvalId ? "/retention/approvals" : "/retention/policies");
              router.refresh();
            }}
          >
            <Field id="deactivate-reason" label={t("form.reason")} hint={t("form.reasonHint")}>
              <Textarea name="reason" required maxLength={2000} />
            </Field>
          </ConfirmedAction>
        }
      />
    </Card>
  );
}
