"use client";

import { useState } from "react";
import { columnCookie, serializeHiddenColumns } from "@/components/table/column-preference";
import { rememberPreference } from "@/components/shell/preferences";

export type ColumnChoice = {
  visibility: Record<string, boolean>;
  toggle: (id: string, visible: boolean) => void;
  reset: () => void;
};

/** Which columns are shown: starts with what the server read from the cookie and writes each change back to it. */
export function useColumnChoice(
  tableId: string,
  hiddenAtFirst: readonly string[],
  remembered?: readonly string[],
): ColumnChoice {
  const [hidden, setHidden] = useState<readonly string[]>(remembered ?? hiddenAtFirst);
  const change = (next: readonly string[]) => {
    setHidden(next);
    rememberPreference(columnCookie(tableId), serializeHiddenColumns(next));
  };
  return {
    visibility: Object.fromEntries(hidden.map((id) => [id, false])),
    toggle: (id, visible) => change(visible ? hidden.filter((other) => other !== id) : [...hidden, id]),
    reset: () => change(hiddenAtFirst),
  };
}
