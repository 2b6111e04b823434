"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { clockText, readClock } from "@/components/subject-requests/subject-audio/clock-text";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import type { SilencedPart } from "@/lib/db/schema/derived-recordings";

export const reasons = ["third_party", "card_data", "trade_secret"] as const satisfies SilencedPart["reason"][];

/** What is typed or marked of the next part. */
export type Draft = { from: string; to: string; reason: SilencedPart["reason"] };

export const emptyDraft: Draft = { from: "", to: "", reason: "third_party" };

type SilenceFieldsProps = {
  draft: Draft;
  onDraft: (draft: Draft) => void;
  durationMs: number | null;
  positionMs: number;
  onAdd: (part: SilencedPart) => void;
};

/** Adds a part by its times, typed, marked on the waveform, or taken from the player. */
export function SilenceFields({ draft, onDraft, durationMs, positionMs, onAdd }: SilenceFieldsProps) {
  const t = useTranslations("subjectAudio.silences");
  const words = useTranslations("subjectAudio.reasons");
  const [isWrong, setWrong] = useState(false);
  const change = (changes: Partial<Draft>) => {
    setWrong(false);
    onDraft({ ...draft, ...changes });
  };
  const add = () => {
    const [fromMs, toMs] = [readClock(draft.from), readClock(draft.to)];
    if (fromMs === null || toMs === null || toMs <= fromMs || fromMs >= (durationMs ?? Infinity)) return setWrong(true);
    onAdd({ fromMs, toMs: Math.min(toMs, durationMs ?? toMs), reason: draft.reason });
    onDraft({ ...emptyDraft, reason: draft.reason });
  };
  const error = isWrong ? t("invalid") : undefined;
  const here = clockText(Math.round(positionMs / 10) * 10);
  return (
    <div className="grid gap-3">
      <div className="grid gap-3 sm:grid-cols-3">
        <Field id="from" label={t("from")} error={error}>
          <Input
            inputMode="text"
            autoComplete="off"
            value={draft.from}
            onChange={(e) => change({ from: e.target.value })}
          />
        </Field>
        <Field id="to" label={t("to")}>
          <Input
            inputMode="text"
            autoComplete="off"
            value={draft.to}
            onChange={(e) => change({ to: e.target.value })}
          />
        </Field>
        <Field id="reason" label={t("reason")}>
          <Select
            value={draft.reason}
            onChange={(event) => change({ reason: event.target.value as SilencedPart["reason"] })}
          >
            {reasons.map((reason) => (
              <option key={reason} value={reason}>
                {words(reason)}
              </option>
            ))}
          </Select>
        </Field>
      </div>
      <div className="flex flex-wrap gap-2">
        <Button type="button" size="small" onClick={() => change({ from: here })}>
          {t("fromHere")}
        </Button>
        <Button type="button" size="small" onClick={() => change({ to: here })}>
          {t("toHere")}
        </Button>
        <Button type="button" size="small" variant="primary" onClick={add}>
          {t("add")}
        </Button>
      </div>
    </div>
  );
}
