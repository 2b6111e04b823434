"use server";

import { presetsInput } from "@/app/(portal)/retention/policies/presets/presets-input";
import { runAction, type ActionState } from "@/lib/http/run-action";
import { applyRetentionPresets, previewRetentionPresets } from "@/lib/retention/policies/apply-retention-presets";

export async function previewPresetsAction(_: ActionState, form: FormData) {
  return runAction(previewRetentionPresets, presetsInput(form));
}

export async function applyPresetsAction(_: ActionState, form: FormData) {
  return runAction(applyRetentionPresets, presetsInput(form));
}
