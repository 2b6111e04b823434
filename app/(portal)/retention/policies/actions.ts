"use server";

import { policyInput } from "@/app/(portal)/retention/policies/policy-input";
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
