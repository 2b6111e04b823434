"use client";

import { useTimeZone, useTranslations } from "next-intl";
import { createContext, use, useState, type ReactNode } from "react";
import { formatBeside } from "@/lib/i18n/format";
import type { RecordingRow } from "@/lib/recordings/list-recordings";

export const holdSelectionForm = "hold-selection";

type HoldSelection = { chosen: ReadonlySet<string>; choose: (ids: readonly string[], isChosen: boolean) => void };

const Context = createContext<HoldSelection | null>(null);

/** A hold can keep a recording that is stored or being uploaded. */
export const canBeChosen = ({ state }: Pick<RecordingRow, "state">) => state === "stored" || state === "pending";

/** Keeps which rows of the list are ticked. */
export function HoldSelectionProvider({ children }: { children: ReactNode }) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const choose: HoldSelection["choose"] = (ids, isChosen) =>
    setChosen((before) => new Set(isChosen ? [...before, ...ids] : [...before].filter((id) => !ids.includes(id))));
  return <Context value={{ chosen, choose }}>{children}</Context>;
}

/** Returns the ticked rows; null where rows cannot be ticked. */
export const useHoldSelection = () => use(Context);

/** The checkbox of a row. It belongs to the form above the list, so it works without JavaScript. */
export function RecordingCheckbox({ recording }: { recording: RecordingRow }) {
  const t = useTranslations("holds.list");
  const zone = useTimeZone() ?? "UTC";
  const selection = useHoldSelection();
  if (selection === null || !canBeChosen(recording)) return null;
  const { id, startedAt, timeZone, unit } = recording;
  return (
    <label className="-my-1 -ml-2 inline-flex size-8 shrink-0 items-center justify-center pointer-coarse:size-11">
      <input
        type="checkbox"
        form={holdSelectionForm}
        name="recording"
        value={id}
        checked={selection.chosen.has(id)}
        onChange={(event) => selection.choose([id], event.target.checked)}
        aria-label={t("choose", { date: formatBeside(startedAt, timeZone, zone), unit })}
        className="size-4 rounded-sm accent-accent"
      />
    </label>
  );
}
