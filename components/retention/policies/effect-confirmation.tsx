"use client";

import { useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import type { ReactNode } from "react";
import { HiddenFields } from "@/components/forms/hidden-fields";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import type { Draft } from "@/components/forms/use-draft";
import { EffectSummary } from "@/components/retention/policies/effect-summary";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardFooter } from "@/components/ui/card";
import { useStepHeading } from "@/components/ui/use-step-heading";
import type { RetentionPolicyPreview } from "@/lib/retention/policies/preview-retention-policy-change";

export type EffectConfirmationProps<Result> = {
  draft: Draft<RetentionPolicyPreview>;
  title: string;
  action: FormAction<Result>;
  /** Returns the page to open after success. */
  onDone: (result: Result) => "/retention/policies" | "/retention/approvals";
  onBack: () => void;
  /** The button that submits. */
  children: ReactNode;
};

/** The second step of a change of policies: shows the effect, and submits the draft with the acknowledged count. */
export function EffectConfirmation<Result>({
  draft: { effect, fields },
  title,
  action,
  onDone,
  onBack,
  children,
}: EffectConfirmationProps<Result>) {
  const t = useTranslations("policies.confirmation");
  const router = useRouter();
  const heading = useStepHeading();
  const { form, message } = useActionForm(action, (result) => {
    router.push(onDone(result));
    router.refresh();
  });
  return (
    <Card className="max-w-2xl" aria-labelledby="effect">
      <form {...form}>
        <HiddenFields fields={[...fields, ["acknowledgedDue", String(effect.dueAtOnce.recordings)]]} />
        <CardBody className="grid gap-3">
          <h2 id="effect" ref={heading} tabIndex={-1} className="text-md font-semibold outline-none">
            {title}
          </h2>
          {message}
          <EffectSummary effect={effect} />
        </CardBody>
        <CardFooter>
          <Button onClick={onBack}>{t("back")}</Button>
          {children}
        </CardFooter>
      </form>
    </Card>
  );
}
