"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { PolicyConfirmation, type PolicyDraft } from "@/components/retention/policy-confirmation";
import { ScopeChoice } from "@/components/retention/scope-choice";
import { useActionForm, type FormAction } from "@/components/settings/use-action-form";
import { Card, CardBody, CardFooter } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { SubmitButton } from "@/components/ui/submit-button";
import { Textarea } from "@/components/ui/textarea";
import type { RetentionScopes } from "@/lib/retention/list-retention-scopes";
import type { RetentionPolicyPreview } from "@/lib/retention/preview-retention-policy-change";
import type { RetentionPolicyRow } from "@/lib/retention/select-retention-policies";

export type PolicyFormProps = {
  preview: FormAction<RetentionPolicyPreview>;
  save: FormAction<unknown>;
  /** The policy to change, or what a new one can be for. */
  subject: { policy: RetentionPolicyRow } | { scopes: RetentionScopes };
};

/** Writes a policy in two steps: its fields, then what it would do to the stored recordings. Only the second saves. */
export function PolicyForm({ preview, save, subject }: PolicyFormProps) {
  const t = useTranslations("retention.form");
  const [draft, setDraft] = useState<PolicyDraft>();
  // What is saved later is what was sent here, whatever is typed meanwhile.
  const previewAndKeep: typeof preview = async (state, sent) => {
    const next = await preview(state, sent);
    if (next.status === "done") setDraft({ effect: next.result, fields: Object.fromEntries([...sent].map(([name, value]) => [name, String(value)])) });
    return next;
  };
  const { form, problem, message } = useActionForm(previewAndKeep);
  const policy = "policy" in subject ? subject.policy : undefined;
  return (
    <>
      <Card className="max-w-2xl" hidden={draft !== undefined}>
        <form {...form}>
          <input type="hidden" name="change" value={policy ? "update" : "create"} />
          {policy ? <PolicyIdentity policy={policy} /> : null}
          <CardBody className="grid gap-4">
            {message}
            {"scopes" in subject ? <ScopeChoice scopes={subject.scopes} problem={problem("unitId") ?? problem("queueId")} /> : null}
            <Field id="name" label={t("name")} error={problem("name")}>
              <Input name="name" required maxLength={120} autoComplete="off" defaultValue={policy?.name} />
            </Field>
            <Field id="days" label={t("days")} hint={t("daysHint")} error={problem("days")}>
              <Input name="days" type="number" inputMode="numeric" required min={1} max={36525} step={1} defaultValue={policy?.days} className="max-w-40" />
            </Field>
            <Field id="justification" label={t("justification")} hint={t("justificationHint")} error={problem("justification")}>
              <Textarea name="justification" required maxLength={2000} defaultValue={policy?.justification} />
            </Field>
          </CardBody>
          <CardFooter>
            <SubmitButton>{t("preview")}</SubmitButton>
          </CardFooter>
        </form>
      </Card>
      {draft ? <PolicyConfirmation draft={draft} save={save} onBack={() => setDraft(undefined)} /> : null}
    </>
  );
}

function PolicyIdentity({ policy }: { policy: RetentionPolicyRow }) {
  return (
    <>
      <input type="hidden" name="policyId" value={policy.id} />
      <input type="hidden" name="version" value={policy.version} />
    </>
  );
}
