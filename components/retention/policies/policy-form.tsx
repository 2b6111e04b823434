"use client";

import { useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { useState, type FormEvent } from "react";
import { GroundFields } from "@/components/retention/policies/ground-fields";
import { MatchFields } from "@/components/retention/policies/match-fields";
import { PeriodField } from "@/components/retention/policies/period-field";
import { PolicyConfirmation } from "@/components/retention/policies/policy-confirmation";
import { readPeriods, type PeriodTerms } from "@/components/retention/policies/read-periods";
import { usePolicyWords } from "@/components/retention/policies/use-policy-words";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";
import { useDraft } from "@/components/forms/use-draft";
import { Card, CardBody, CardFooter } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { FormMessage } from "@/components/ui/form-message";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { SubmitButton } from "@/components/ui/submit-button";
import { Textarea } from "@/components/ui/textarea";
import type { LegalBasis } from "@/lib/retention/policies/legal-bases";
import type { RetentionScopes } from "@/lib/retention/policies/list-retention-scopes";
import type { PolicyTerms } from "@/lib/retention/policies/policy-terms";
import type { PresetKey } from "@/lib/retention/policies/retention-presets";
import type { RetentionPolicyPreview } from "@/lib/retention/policies/preview-retention-policy-change";

export type PolicyFormProps = {
  preview: FormAction<RetentionPolicyPreview>;
  save: FormAction<{ approvalId?: string }>;
  scopes: RetentionScopes;
  legalBases: readonly LegalBasis[];
  /** The initial values: the terms of a preset. */
  terms?: PolicyTerms;
  /** Presets that a new policy can start from. */
  presets?: readonly PresetKey[];
  /** The policy to change; undefined for a new one. */
  policy?: PolicyTerms & { id: string; version: number };
};

const triggers = ["call", "contract_end", "complaint", "resolution"] as const;

/**
 * Writes a policy in two steps: its fields, summarised in words, then their effect on the stored recordings. Only the
 * second step saves.
 */
export function PolicyForm({
  preview,
  save,
  scopes,
  legalBases,
  terms: preset,
  presets = [],
  policy,
}: PolicyFormProps) {
  const t = useTranslations("policies.form");
  const triggerName = useTranslations("policies.triggers");
  const terms = policy ?? preset;
  const { draft, previewAndKeep, discard } = useDraft(preview);
  const [periods, setPeriods] = useState<PeriodTerms | null>(terms ?? null);
  const [isDefault, setDefault] = useState(terms?.isDefault ?? !scopes.hasDefault);
  const [trigger, setTrigger] = useState(terms?.trigger ?? "call");
  const { form, problem, message } = useActionForm(previewAndKeep);
  const listen = (event: FormEvent<HTMLFormElement>) => {
    const data = new FormData(event.currentTarget);
    setDefault(data.get("scope") === "default");
    setTrigger((data.get("terms.trigger") ?? "call") as PolicyTerms["trigger"]);
    setPeriods(readPeriods(data));
  };
  return (
    <>
      <Card className="max-w-2xl" hidden={draft !== undefined}>
        <form {...form} onChange={listen}>
          <input type="hidden" name="change" value={policy ? "update" : "create"} />
          <input type="hidden" name="terms.presetKey" value={terms?.presetKey ?? ""} />
          {policy ? <PolicyIdentity policy={policy} /> : null}
          <CardBody className="grid gap-4">
            {message}
            {presets.length > 0 ? <PresetLinks presets={presets} /> : null}
            <Field id="name" label={t("name")} error={problem("terms.name")}>
              <Input name="terms.name" required maxLength={120} autoComplete="off" defaultValue={terms?.name} />
            </Field>
            <MatchFields scopes={scopes} terms={policy} problem={problem} isDefault={isDefault} />
            <Field id="trigger" label={t("trigger")} hint={t("triggerHint")} error={problem("terms.trigger")}>
              <Select name="terms.trigger" defaultValue={trigger}>
                {triggers.map((kind) => (
                  <option key={kind} value={kind}>
                    {triggerName(kind)}
                  </option>
                ))}
              </Select>
            </Field>
            <PeriodField
              name="terms.minimum"
              label={t("minimum")}
              hint={t("minimumHint")}
              error={problem("terms.minimum.value")}
              period={terms?.minimum}
            />
            <PeriodField
              name="terms.period"
              label={t("period")}
              hint={t("periodHint")}
              error={problem("terms.period.value")}
              period={terms?.period}
              required
            />
            {trigger === "call" ? null : (
              <PeriodField
                name="terms.waiting"
                label={t("waiting")}
                hint={t("waitingHint")}
                error={problem("terms.waiting.value")}
                period={terms?.waiting}
                required
              />
            )}
            <PeriodSummary terms={periods} />
            <GroundFields terms={terms} legalBases={legalBases} problem={problem} />
            <Field id="reason" label={t("reason")} hint={t("reasonHint")} error={problem("reason")}>
              <Textarea name="reason" required maxLength={2000} />
            </Field>
          </CardBody>
          <CardFooter>
            <SubmitButton>{t("preview")}</SubmitButton>
          </CardFooter>
        </form>
      </Card>
      {draft ? <PolicyConfirmation draft={draft} save={save} onBack={discard} /> : null}
    </>
  );
}

/** Opens the form with the terms of a preset. */
function PresetLinks({ presets }: { presets: readonly PresetKey[] }) {
  const t = useTranslations("policies");
  const router = useRouter();
  return (
    <Field id="preset" label={t("form.preset")}>
      <Select defaultValue="" onChange={(event) => router.push(`/retention/policies/new?preset=${event.target.value}`)}>
        <option value="">{t("form.presetNone")}</option>
        {presets.map((key) => (
          <option key={key} value={key}>
            {t(`presets.items.${key}.name`)}
          </option>
        ))}
      </Select>
    </Field>
  );
}

/** Summarises the periods that the form has now. */
function PeriodSummary({ terms }: { terms: PeriodTerms | null }) {
  const t = useTranslations("policies");
  const { sentence } = usePolicyWords();
  return (
    <FormMessage tone="info">
      <strong className="font-semibold">{t("form.says")}</strong> {terms ? sentence(terms) : t("words.incomplete")}
    </FormMessage>
  );
}

function PolicyIdentity({ policy }: { policy: { id: string; version: number } }) {
  return (
    <>
      <input type="hidden" name="policyId" value={policy.id} />
      <input type="hidden" name="version" value={policy.version} />
    </>
  );
}
