"use server";

import { adoptDocument } from "@/lib/compliance/documents/adopt-document";
import { saveDocument } from "@/lib/compliance/documents/save-document";
import { formInput } from "@/lib/http/form-input";
import { refreshed, runAction, type ActionState } from "@/lib/http/run-action";

type SaveInput = Parameters<typeof saveDocument>[1];

/** The fields of the form are named `text.<key>`. */
export async function saveDocumentAction(_: ActionState, form: FormData): Promise<ActionState> {
  const { kind = "", version = "0", ...fields } = formInput<Record<string, string>>(form);
  const texts = Object.fromEntries(
    Object.entries(fields).flatMap(([name, text]) => (name.startsWith("text.") ? [[name.slice(5), text]] : [])),
  );
  return refreshed(runAction(saveDocument, { kind: kind as SaveInput["kind"], version, texts }));
}

export async function adoptDocumentAction(_: ActionState, form: FormData): Promise<ActionState> {
  return refreshed(runAction(adoptDocument, formInput<Parameters<typeof adoptDocument>[1]>(form)));
}
