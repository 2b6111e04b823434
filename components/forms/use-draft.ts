"use client";

import { useState } from "react";
import type { HiddenField } from "@/components/forms/hidden-fields";
import type { FormAction } from "@/components/forms/use-action-form";

/** The submitted fields of a first step, and their effect. */
export type Draft<Effect> = { effect: Effect; fields: readonly HiddenField[] };

/**
 * The first of two steps: `preview` computes the effect of a form. The second step submits the fields of the draft,
 * whatever the reader types meanwhile.
 */
export function useDraft<Effect>(preview: FormAction<Effect>) {
  const [draft, setDraft] = useState<Draft<Effect>>();
  const previewAndKeep: FormAction<Effect> = async (state, sent) => {
    const next = await preview(state, sent);
    if (next.status === "done") setDraft({ effect: next.result, fields: submittedFields(sent) });
    return next;
  };
  return { draft, previewAndKeep, discard: () => setDraft(undefined) };
}

/** Leaves out the fields that React adds to the form of a server action. */
function submittedFields(sent: FormData): HiddenField[] {
  return [...sent].filter(([name]) => !name.startsWith("$")).map(([name, value]) => [name, String(value)] as const);
}
