"use client";

import { useRef, useState } from "react";
import { useActionForm, type FormAction } from "@/components/forms/use-action-form";

/**
 * A search by POST, because the search text may be personal data, and URLs stay in histories and logs. `found` replaces
 * the list until `clear`, which also empties and focuses `field`.
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
