"use client";

import { useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { HiddenFields } from "@/components/forms/hidden-fields";
import type { Draft } from "@/components/forms/use-draft";
import { EffectSummary } from "@/components/retention/policies/effect-summary";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardFooter } from "@/components/ui/card";
import { SubmitButton } from "@/components/ui/submit-button";
import { useNotify } from "@/components/ui/toast";
import { useStepHeading } from "@/components/ui/use-step-heading";
import type { RetentionPolicyPreview } from "@/lib/retention/policies/preview-retention-policy-change";

export type PolicyConfirmationProps = {
  draft: Draft<RetentionPolicyPreview>;
  save: FormAction<{ approvalId?: string }>;
  onBack: () => void;
};

/** The second step of a policy form: shows the effect, and saves or requests approval. */
export function PolicyConfirmation({ draft: { effect, fields }, save, onBack }: PolicyConfirmationProps) {
  const t = useTranslations("policies.confirmation");
  const [router, notify] = [useRouter(), useNotify()];
  const heading = useStepHeading();
  const { form, message } = useActionForm(save, ({ approvalId }) => {
    notify(t(approvalId ? "asked" : "saved"));
    router.push(approvalId ? "/retention/approvals" : "/retention/policies");
    router.refresh();
  });
  return (
    <Card className="max-w-2xl" aria-labelledby="effect">
      <form {...form}>
        <HiddenFields fields={[...fields, ["acknowledgedDue", String(effect.dueAtOnce.recordings)]]} />
        <CardBody className="grid gap-3">
          <h2 id="effect" ref={heading} tabIndex={-1} className="text-md font-semibold outline-none">
            {t("title", { name: fields.find(([name]) => name === "terms.name")?.[1] ?? "" })}
          </h2>
          {message}
          <EffectSummary effect={effect} />
        </CardBody>
        <CardFooter>
          <Button onClick={onBack}>{t("back")}</Button>
          <SubmitButton variant={effect.dueAtOnce.recordings > 0 && !effect.needsApproval ? "danger" : "primary"}>
            {t(effect.needsApproval ? "ask" : "save")}
          </SubmitButton>
        </CardFooter>
      </form>
    </Card>
  );
}
