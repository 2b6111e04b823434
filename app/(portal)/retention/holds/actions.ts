"use server";

import { holdSelectionInput } from "@/app/(portal)/retention/holds/hold-selection-input";
import { formInput } from "@/lib/http/form-input";
import { refreshed } from "@/lib/http/refreshed";
import { runAction, type ActionState } from "@/lib/http/run-action";
import { placeHold, type PlacedHold } from "@/lib/legal-holds/place-hold";
import { requestHoldRelease } from "@/lib/legal-holds/request-hold-release";

export async function placeHoldAction(_: ActionState<PlacedHold>, form: FormData): Promise<ActionState<PlacedHold>> {
  return runAction(placeHold, holdSelectionInput(form));
}

export async function requestHoldReleaseAction(_: ActionState, form: FormData): Promise<ActionState> {
  return refreshed(runAction(requestHoldRelease, formInput(form)));
}
