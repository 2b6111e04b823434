"use server";

import { holdSelectionInput } from "@/app/(portal)/retention/holds/hold-selection-input";
import { formInput } from "@/lib/http/form-input";
import { refreshed, runAction, type ActionState } from "@/lib/http/run-action";
import { extendHold } from "@/lib/legal-holds/extend-hold";
import { listHolds, type HoldPage } from "@/lib/legal-holds/list-holds";
import { placeHold, type PlacedHold } from "@/lib/legal-holds/place-hold";
import { previewHold, type HoldPreview } from "@/lib/legal-holds/preview-hold";
import { requestHoldRelease } from "@/lib/legal-holds/release/request-hold-release";
import { updateHold } from "@/lib/legal-holds/update-hold";

export async function searchHoldsAction(_: ActionState<HoldPage>, form: FormData): Promise<ActionState<HoldPage>> {
  return runAction(listHolds, formInput(form));
}

export async function previewHoldAction(
  _: ActionState<HoldPreview>,
  form: FormData,
): Promise<ActionState<HoldPreview>> {
  return runAction(previewHold, holdSelectionInput(form));
}

export async function placeHoldAction(_: ActionState<PlacedHold>, form: FormData): Promise<ActionState<PlacedHold>> {
  return runAction(placeHold, holdSelectionInput(form));
}

export async function extendHoldAction(_: ActionState<PlacedHold>, form: FormData): Promise<ActionState<PlacedHold>> {
  return runAction(extendHold, holdSelectionInput(form));
}

export async function updateHoldAction(_: ActionState, form: FormData): Promise<ActionState> {
  return refreshed(runAction(updateHold, formInput(form)));
}

export async function requestHoldReleaseAction(_: ActionState, form: FormData): Promise<ActionState> {
  return refreshed(runAction(requestHoldRelease, formInput(form)));
}
