"use server";

import { startOfDay } from "@/lib/core/time";
import { formInput } from "@/lib/http/form-input";
import { refreshed, runAction, type ActionState } from "@/lib/http/run-action";
import { changeHandling } from "@/lib/recordings/handling/change-handling";
import { blockRecordings } from "@/lib/recordings/blocking/block-recordings";
import { liftBlock } from "@/lib/recordings/blocking/lift-block";
import { eraseQuarantined } from "@/lib/deletion/erase-quarantined";
import { quarantineRecording } from "@/lib/recordings/quarantine/quarantine-recording";
import { releaseRecording } from "@/lib/recordings/quarantine/release-recording";
import { correctNumber } from "@/lib/recordings/numbers/correct-number";
import { correctTaxId } from "@/lib/recordings/references/correct-tax-id";
import { confirmCallDate } from "@/lib/retention/confirm-call-date";
import { previewCallDate, type CallDatePreview } from "@/lib/retention/preview-call-date";
import { reportTrigger, type TriggerReport } from "@/lib/retention/report-trigger";

export async function correctNumberAction(_: ActionState, form: FormData): Promise<ActionState> {
  return refreshed(runAction(correctNumber, formInput(form)));
}

export async function correctTaxIdAction(_: ActionState, form: FormData): Promise<ActionState> {
  return refreshed(runAction(correctTaxId, formInput(form)));
}

export async function changeHandlingAction(_: ActionState, form: FormData): Promise<ActionState> {
  return refreshed(runAction(changeHandling, formInput(form)));
}

export async function quarantineRecordingAction(_: ActionState, form: FormData): Promise<ActionState> {
  return refreshed(runAction(quarantineRecording, formInput(form)));
}

export async function releaseRecordingAction(_: ActionState, form: FormData): Promise<ActionState> {
  return refreshed(runAction(releaseRecording, formInput<Parameters<typeof releaseRecording>[1]>(form)));
}

export async function eraseQuarantinedAction(_: ActionState, form: FormData): Promise<ActionState> {
  return refreshed(runAction(eraseQuarantined, formInput(form)));
}

export async function blockRecordingAction(_: ActionState, form: FormData): Promise<ActionState> {
  const { recordingId = "", reason = "" } = formInput<Record<string, string>>(form);
  return refreshed(runAction(blockRecordings, { recordingIds: [recordingId], reason }));
}

export async function liftBlockAction(_: ActionState, form: FormData): Promise<ActionState> {
  return refreshed(runAction(liftBlock, formInput(form)));
}

export async function previewCallDateAction(_: ActionState, form: FormData): Promise<ActionState<CallDatePreview>> {
  return runAction(previewCallDate, formInput<Parameters<typeof previewCallDate>[1]>(form));
}

export async function confirmCallDateAction(
  _: ActionState,
  form: FormData,
): Promise<ActionState<{ recordings: number }>> {
  return refreshed(runAction(confirmCallDate, formInput<Parameters<typeof confirmCallDate>[1]>(form)));
}

/** The form sends a calendar day in the controller's time zone. */
export async function reportTriggerAction(
  _: ActionState,
  form: FormData,
): Promise<ActionState<Awaited<ReturnType<typeof reportTrigger>>>> {
  const { day = "", ...fields } = formInput<Record<string, string>>(form);
  const occurredAt = /^\d{4}-\d{2}-\d{2}$/.test(day) ? startOfDay(day).toISOString() : day;
  return refreshed(runAction(reportTrigger, { ...fields, occurredAt } as TriggerReport));
}
