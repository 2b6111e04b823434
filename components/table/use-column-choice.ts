"use client";

import { useState } from "react";
import { columnCookie, serializeHiddenColumns } from "@/components/table/column-preference";
import { rememberPreference } from "@/components/shell/preferences";

export type ColumnChoice = {
  visibility: Record<string, boolean>;
  toggle: (id: string, visible: boolean) => void;
  reset: () => void;
};

/** Keeps which columns are visible: starts from the cookie that the server read, and saves each change in it. */
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
