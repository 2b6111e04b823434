"use client";

import { useTranslations } from "next-intl";
import { useDraft, type Draft } from "@/components/forms/use-draft";
import { EffectConfirmation } from "@/components/retention/policies/effect-confirmation";
import { PresetRow } from "@/components/retention/policies/preset-row";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { Card, CardBody, CardFooter } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { FormMessage } from "@/components/ui/form-message";
import { Input } from "@/components/ui/input";
import { SubmitButton } from "@/components/ui/submit-button";
import { Textarea } from "@/components/ui/textarea";
import { useNotify } from "@/components/ui/toast";
import type { RetentionScopes } from "@/lib/retention/policies/list-retention-scopes";
import type { retentionPresets } from "@/lib/retention/policies/retention-presets";
import type { RetentionPolicyPreview } from "@/lib/retention/policies/preview-retention-policy-change";

type PresetsPreview = RetentionPolicyPreview & { policies: number };

export type PresetChoiceProps = {
  presets: typeof retentionPresets;
  scopes: RetentionScopes;
  preview: FormAction<PresetsPreview>;
  apply: FormAction<{ policies: number }>;
};

/** Creates policies from presets: first a list to tick, then their joint effect, then the button that creates them. */
export function PresetChoice({ presets, scopes, preview, apply }: PresetChoiceProps) {
  const t = useTranslations("policies");
  const { draft, previewAndKeep, discard } = useDraft(preview);
  const { form, problem, message } = useActionForm(previewAndKeep);
  const nothing = problem("uses");
  return (
    <>
      <Card hidden={draft !== undefined}>
        <form {...form}>
          <CardBody className="grid gap-3 py-2">
            {message}
            {nothing ? <FormMessage>{t("presets.nothing")}</FormMessage> : null}
          </CardBody>
          <ul className="divide-y divide-line border-y border-line">
            {presets.map((preset) => (
              <PresetRow key={preset.key} preset={preset} scopes={scopes} />
            ))}
          </ul>
          <CardBody className="grid max-w-2xl gap-4">
            <Field id="reviewOn" label={t("presets.reviewOn")} error={problem("reviewOn")} className="max-w-48">
              <Input name="reviewOn" type="date" required />
            </Field>
            <Field id="reason" label={t("form.reason")} hint={t("form.reasonHint")} error={problem("reason")}>
              <Textarea name="reason" required maxLength={2000} />
            </Field>
          </CardBody>
          <CardFooter>
            <SubmitButton>{t("presets.preview")}</SubmitButton>
          </CardFooter>
        </form>
      </Card>
      {draft ? <PresetConfirmation draft={draft} apply={apply} onBack={discard} /> : null}
    </>
  );
}

type ConfirmationProps = {
  draft: Draft<PresetsPreview>;
  apply: PresetChoiceProps["apply"];
  onBack: () => void;
};

function PresetConfirmation({ draft, apply, onBack }: ConfirmationProps) {
  const t = useTranslations("policies.presets");
  const notify = useNotify();
  const onDone = ({ policies }: { policies: number }) => {
    notify(t("done", { count: policies }));
    return "/retention/policies" as const;
  };
  return (
    <EffectConfirmation draft={draft} title={t("effect")} action={apply} onDone={onDone} onBack={onBack}>
      <SubmitButton>{t("apply")}</SubmitButton>
    </EffectConfirmation>
  );
}
