"use server";

import { formInput } from "@/lib/http/form-input";
import { refreshed, runAction, type ActionState } from "@/lib/http/run-action";
import { createUnit } from "@/lib/access/units/create-unit";
import { updateUnit } from "@/lib/access/units/update-unit";

type Changed = ActionState<{ unitId: string }>;

export async function createUnitAction(_: Changed, form: FormData): Promise<Changed> {
  return refreshed(runAction(createUnit, formInput(form)));
}

export async function updateUnitAction(_: Changed, form: FormData): Promise<Changed> {
  return refreshed(runAction(updateUnit, formInput(form)));
}
