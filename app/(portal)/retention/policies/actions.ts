"use server";

import { scopeInput } from "@/app/(portal)/retention/policies/scope-input";
import { formInput } from "@/lib/http/form-input";
import { runAction, type ActionState } from "@/lib/http/run-action";
import { createRetentionPolicy } from "@/lib/retention/policies/create-retention-policy";
import { deactivateRetentionPolicy } from "@/lib/retention/policies/deactivate-retention-policy";
import { previewRetentionPolicyChange } from "@/lib/retention/policies/preview-retention-policy-change";
import { updateRetentionPolicy } from "@/lib/retention/policies/update-retention-policy";

export async function previewPolicy(_: ActionState, form: FormData) {
  return runAction(previewRetentionPolicyChange, policyInput(form));
}

export async function createPolicy(_: ActionState, form: FormData) {
  return runAction(createRetentionPolicy, policyInput(form));
}

export async function updatePolicy(_: ActionState, form: FormData) {
  return runAction(updateRetentionPolicy, policyInput(form));
}

export async function deactivatePolicy(_: ActionState, form: FormData) {
  return runAction(deactivateRetentionPolicy, formInput(form));
}

/**
 * Converts a policy form to the input of an operation: "terms.period.value" becomes a part of `terms`, and an empty
 * field becomes null.
 */
function policyInput<Input>(form: FormData): Input {
  const fields = formInput<Record<string, string>>(form);
  const optional = (name: string) => fields[name]?.trim() || null;
  const period = (name: string) => ({ value: fields[`${name}.value`] ?? "", unit: fields[`${name}.unit`] ?? "" });
  const optionalPeriod = (name: string) => (optional(`${name}.value`) === null ? null : period(name));
  const { isDefault, ...scope } = scopeInput(fields.scope);
  const terms = {
    name: fields["terms.name"] ?? "",
    isDefault,
    match: { ...scope, direction: optional("terms.match.direction"), callKind: optional("terms.match.callKind") },
    trigger: fields["terms.trigger"] ?? "",
    minimum: optionalPeriod("terms.minimum"),
    period: period("terms.period"),
    waiting: optionalPeriod("terms.waiting"),
    legalBasis: fields["terms.legalBasis"] ?? "",
    source: fields["terms.source"] ?? "",
    reviewOn: fields["terms.reviewOn"] ?? "",
    justification: fields["terms.justification"] ?? "",
    presetKey: optional("terms.presetKey"),
  };
  const { change, policyId, version, reason, acknowledgedDue } = fields;
  return { change, policyId, version, reason, acknowledgedDue, terms } as Input;
}
