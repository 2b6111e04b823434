"use server";

import { scopeInput } from "@/app/(portal)/retention/policies/scope-input";
import { formInput } from "@/lib/http/form-input";
import { runAction, type ActionState } from "@/lib/http/run-action";
import { applyRetentionPresets, previewRetentionPresets } from "@/lib/retention/policies/apply-retention-presets";

export async function previewPresetsAction(_: ActionState, form: FormData) {
  return runAction(previewRetentionPresets, presetsInput(form));
}

export async function applyPresetsAction(_: ActionState, form: FormData) {
  return runAction(applyRetentionPresets, presetsInput(form));
}

/** Converts the form of presets to the input of an operation: the ticked presets with what each applies to. */
function presetsInput<Input>(form: FormData): Input {
  const { reviewOn = "", reason = "", acknowledgedDue, ...fields } = formInput<Record<string, string>>(form);
  const keys = Object.keys(fields)
    .filter((name) => name.startsWith("use:"))
    .map((name) => name.slice("use:".length));
  const uses = keys.map((key) => {
    const { isDefault, ...scope } = scopeInput(fields[`scope:${key}`]);
    const callKind = isDefault ? null : fields[`callKind:${key}`]?.trim() || null;
    return { key, isDefault, match: { ...scope, direction: null, callKind } };
  });
  return { uses, reviewOn, reason, acknowledgedDue } as Input;
}
