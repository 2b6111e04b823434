"use server";

import { endTerm } from "@/lib/compliance/terms/end-term";
import { recordTerm } from "@/lib/compliance/terms/record-term";
import { voidTerm } from "@/lib/compliance/terms/void-term";
import { formInput } from "@/lib/http/form-input";
import { refreshed, runAction, type ActionState } from "@/lib/http/run-action";

export async function recordTermAction(_: ActionState, form: FormData): Promise<ActionState> {
  return refreshed(runAction(recordTerm, formInput<Parameters<typeof recordTerm>[1]>(form)));
}

export async function endTermAction(_: ActionState, form: FormData): Promise<ActionState> {
  return refreshed(runAction(endTerm, formInput<Parameters<typeof endTerm>[1]>(form)));
}

export async function voidTermAction(_: ActionState, form: FormData): Promise<ActionState> {
  return refreshed(runAction(voidTerm, formInput<Parameters<typeof voidTerm>[1]>(form)));
}
