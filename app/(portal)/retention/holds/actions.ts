"use server";

import { formInput, readIds } from "@/lib/http/form-input";
import { refreshed, runAction, type ActionState } from "@/lib/http/run-action";
import { extendHold } from "@/lib/legal-holds/extend-hold";
import { listHolds, type HoldPage } from "@/lib/legal-holds/list-holds";
import { placeHold, type PlacedHold } from "@/lib/legal-holds/place-hold";
import { previewHold, type HoldPreview } from "@/lib/legal-holds/preview-hold";
import { requestHoldRelease } from "@/lib/legal-holds/release/request-hold-release";
import { updateHold } from "@/lib/legal-holds/update-hold";
import { recordingFilters } from "@/lib/recordings/recording-filters";

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

const isFilter = (name: string) => name in recordingFilters.shape;

type SelectionFields = { recordingIds?: string[]; ids?: string; onlyThese?: string; wholeCalls?: string };

/**
 * Converts a hold form to the input of an operation: its own fields, and recording ids, the filters of a search, or
 * that the hold gets the whole calls of what is under it.
 */
function holdSelectionInput<Input>(form: FormData): Input {
  const {
    recordingIds = [],
    ids = "",
    onlyThese,
    wholeCalls,
    ...fields
  } = formInput<SelectionFields & Record<string, string>>(form);
  const entries = Object.entries(fields);
  const filters = Object.fromEntries(entries.filter(([name, value]) => isFilter(name) && value !== ""));
  const chosen = [...recordingIds, ...readIds(ids)];
  const selection =
    chosen.length > 0
      ? { recordingIds: chosen, onlyThese: onlyThese === "yes" }
      : wholeCalls === "yes"
        ? { wholeCalls: true }
        : { filters };
  return { ...Object.fromEntries(entries.filter(([name]) => !isFilter(name))), selection } as Input;
}
