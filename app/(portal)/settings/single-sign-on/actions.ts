"use server";

import { addRule } from "@/lib/access/single-sign-on/settings/add-rule";
import { changeLinking } from "@/lib/access/single-sign-on/settings/change-linking";
import { changeLocalSignIn } from "@/lib/access/single-sign-on/settings/change-local-sign-in";
import { previewClaims, type PreviewedClaims } from "@/lib/access/single-sign-on/settings/preview-claims";
import { removeRule } from "@/lib/access/single-sign-on/settings/remove-rule";
import { formInput } from "@/lib/http/form-input";
import { refreshed, runAction, type ActionState } from "@/lib/http/run-action";

type Changed<Result> = Promise<ActionState<Result>>;
type Rule = { ruleId: string };

export async function addRuleAction(_: ActionState<Rule>, form: FormData): Changed<Rule> {
  return refreshed(runAction(addRule, formInput(form)));
}

export async function removeRuleAction(_: ActionState<Rule>, form: FormData): Changed<Rule> {
  return refreshed(runAction(removeRule, formInput(form)));
}

export async function previewClaimsAction(_: ActionState<PreviewedClaims>, form: FormData): Changed<PreviewedClaims> {
  return runAction(previewClaims, formInput(form));
}

export async function changeLinkingAction(
  _: ActionState<{ allowed: boolean }>,
  form: FormData,
): Changed<{ allowed: boolean }> {
  return refreshed(runAction(changeLinking, formInput(form)));
}

export async function changeLocalSignInAction(
  _: ActionState<{ enabled: boolean }>,
  form: FormData,
): Changed<{ enabled: boolean }> {
  return refreshed(runAction(changeLocalSignIn, formInput(form)));
}
