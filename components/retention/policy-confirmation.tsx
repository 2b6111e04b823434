"use client";

import { useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { useEffect, useRef } from "react";
import { EffectSummary } from "@/components/retention/effect-summary";
import { useActionForm, type FormAction } from "@/components/settings/use-action-form";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardFooter } from "@/components/ui/card";
import { SubmitButton } from "@/components/ui/submit-button";
import { useNotify } from "@/components/ui/toast";
import type { RetentionPolicyPreview } from "@/lib/retention/policies/preview-retention-policy-change";

/** The fields as they were sent, and what they would do. */
export type PolicyDraft = { effect: RetentionPolicyPreview; fields: Record<string, string> };

export type PolicyConfirmationProps = {
  draft: PolicyDraft;
  save: FormAction<{ approvalId?: string }>;
  onBack: () => void;
};

/** Second step of a policy form: what it would do, and the button that does it, or asks a second person. */
export function PolicyConfirmation({ draft: { effect, fields }, save, onBack }: PolicyConfirmationProps) {
  const t = useTranslations("policies.confirmation");
  const [router, notify] = [useRouter(), useNotify()];
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const { form, message } = useActionForm(save, ({ approvalId }) => {
    notify(t(approvalId ? "asked" : "saved"));
    router.push(approvalId ? "/retention/approvals" : "/retention/policies");
    router.refresh();
  });
  return (
    <Card className="max-w-2xl" aria-labelledby="effect">
      <form {...form}>
        {Object.entries({ ...fields, acknowledgedDue: String(effect.dueAtOnce.recordings) }).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <CardBody className="grid gap-3">
          <h2 id="effect" ref={heading} tabIndex={-1} className="text-md font-semibold outline-none">
            {t("title", { name: fields["terms.name"] ?? "" })}
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
