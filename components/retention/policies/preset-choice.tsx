"use client";

import { useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { HiddenFields } from "@/components/forms/hidden-fields";
import { useDraft, type Draft } from "@/components/forms/use-draft";
import { EffectSummary } from "@/components/retention/policies/effect-summary";
import { PresetRow } from "@/components/retention/policies/preset-row";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { Button } from "@/components/ui/button";
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
      {draft ? <PresetConfirmation {...draft} apply={apply} onBack={discard} /> : null}
    </>
  );
}

type ConfirmationProps = Draft<PresetsPreview> & { apply: PresetChoiceProps["apply"]; onBack: () => void };

function PresetConfirmation({ effect, fields, apply, onBack }: ConfirmationProps) {
  const t = useTranslations("policies.presets");
  const [router, notify] = [useRouter(), useNotify()];
  const { form, message } = useActionForm(apply, ({ policies }) => {
    notify(t("done", { count: policies }));
    router.push("/retention/policies");
    router.refresh();
  });
  return (
    <Card className="max-w-2xl" aria-labelledby="effect">
      <form {...form}>
        <HiddenFields fields={[...fields, ["acknowledgedDue", String(effect.dueAtOnce.recordings)]]} />
        <CardBody className="grid gap-3">
          <h2 id="effect" className="text-md font-semibold">
            {t("effect")}
          </h2>
          {message}
          <EffectSummary effect={effect} />
        </CardBody>
        <CardFooter>
          <Button onClick={onBack}>{t("back")}</Button>
          <SubmitButton>{t("apply")}</SubmitButton>
        </CardFooter>
      </form>
    </Card>
  );
}
