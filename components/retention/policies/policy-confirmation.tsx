"use client";

import { useTranslations } from "next-intl";
import type { FormAction } from "@/components/forms/use-action-form";
import type { Draft } from "@/components/forms/use-draft";
import { EffectConfirmation } from "@/components/retention/policies/effect-confirmation";
import { SubmitButton } from "@/components/ui/submit-button";
import { useNotify } from "@/components/ui/toast";
import type { RetentionPolicyPreview } from "@/lib/retention/policies/preview-retention-policy-change";

export type PolicyConfirmationProps = {
  draft: Draft<RetentionPolicyPreview>;
  save: FormAction<{ approvalId?: string }>;
  onBack: () => void;
};

/** The second step of a policy form: saves, or requests approval. */
export function PolicyConfirmation({ draft, save, onBack }: PolicyConfirmationProps) {
  const t = useTranslations("policies.confirmation");
  const notify = useNotify();
  const { dueAtOnce, needsApproval } = draft.effect;
  const onDone = ({ approvalId }: { approvalId?: string }) => {
    notify(t(approvalId ? "asked" : "saved"));
    return approvalId ? "/retention/approvals" : "/retention/policies";
  };
  const name = draft.fields.find(([field]) => field === "terms.name")?.[1] ?? "";
  return (
    <EffectConfirmation draft={draft} title={t("title", { name })} action={save} onDone={onDone} onBack={onBack}>
      <SubmitButton variant={dueAtOnce.recordings > 0 && !needsApproval ? "danger" : "primary"}>
        {t(needsApproval ? "ask" : "save")}
      </SubmitButton>
    </EffectConfirmation>
  );
}
