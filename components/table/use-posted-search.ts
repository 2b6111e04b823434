"use client";

import { useRef, useState } from "react";
import { useActionForm, type FormAction } from "@/components/settings/use-action-form";

/**
 * A search that is posted, since what is looked for may be personal data, and an address is kept in histories and
 * logs. What was `found` stands in the list's place until `clear`, which empties `field` and goes back to it.
 */
export function usePostedSearch<Page>(action: FormAction<Page>) {
  const [cleared, setCleared] = useState<string | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const { state, form, message } = useActionForm(action);
  const found = state.status === "done" && state.token !== cleared ? state : null;
  const clear = () => {
    setCleared(found!.token);
    field.current!.value = "";
    field.current!.focus();
  };
  return { form, message, field, found: found?.result ?? null, clear };
}
