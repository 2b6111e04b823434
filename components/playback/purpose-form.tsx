"use client";

import { useTranslations } from "next-intl";
import { type FormEvent, useId, useState } from "react";
import type { PlaybackAccess } from "@/components/playback/grant-machine";
import { checkReference, REFERENCE_MAX_LENGTH } from "@/lib/playback/reference-check";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";

/** A purpose to choose; `labelKey` is a full message key such as `player.purposes.training`. */
export type PurposeOption = { value: string; labelKey: string };

export type PurposeFormProps = {
  purposes: readonly PurposeOption[];
  /** The previous answer of this visit. */
  initial: PlaybackAccess | null;
  submitLabel: string;
  onSubmit: (access: PlaybackAccess) => void;
  onCancel: () => void;
};

/** Asks why a recording is played (LGPD art. 6 I) and for which ticket. */
export function PurposeForm({ purposes, initial, submitLabel, onSubmit, onCancel }: PurposeFormProps) {
  const t = useTranslations("player.purpose");
  const problems = useTranslations("player.problems");
  const anyMessage = useTranslations();
  const id = useId();
  const [purpose, setPurpose] = useState(initial?.purpose ?? "");
  const [reference, setReference] = useState(initial?.reference ?? "");
  const [wasSent, setWasSent] = useState(false);
  const { problem } = checkReference(reference);

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setWasSent(true);
    if (purpose && !problem) return onSubmit({ purpose, reference: reference.trim() });
    event.currentTarget.querySelector<HTMLElement>(purpose ? "input" : "select")?.focus();
  };
  return (
    <form noValidate onSubmit={submit} className="grid gap-4">
      <Field
        id={`${id}-purpose`}
        label={t("purpose")}
        error={wasSent && !purpose ? problems("purposeMissing") : undefined}
      >
        <Select required value={purpose} onChange={(event) => setPurpose(event.target.value)}>
          <option value="" disabled>
            {t("choose")}
          </option>
          {purposes.map((option) => (
            <option key={option.value} value={option.value}>
              {anyMessage(option.labelKey as never)}
            </option>
          ))}
        </Select>
      </Field>
      <div className="grid gap-1">
        <Field
          id={`${id}-reference`}
          label={t("reference")}
          hint={t("referenceHint", { max: REFERENCE_MAX_LENGTH })}
          error={wasSent && problem ? problems(problem, { max: REFERENCE_MAX_LENGTH }) : undefined}
        >
          <Input
            required
            autoComplete="off"
            spellCheck={false}
            maxLength={REFERENCE_MAX_LENGTH}
            value={reference}
            onChange={(event) => setReference(event.target.value)}
          />
        </Field>
        <ReferenceDoubt reference={reference} />
      </div>
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onCancel}>{t("cancel")}</Button>
        <Button type="submit" variant="primary">
          {submitLabel}
        </Button>
      </div>
    </form>
  );
}

/** Warns if the reference looks like personal data; only the person can tell whether it is. */
function ReferenceDoubt({ reference }: { reference: string }) {
  const t = useTranslations("player.doubts");
  const { problem, doubt } = checkReference(reference);
  return (
    <p aria-live="polite" className="text-sm text-caution empty:hidden">
      {!problem && doubt ? t(doubt) : null}
    </p>
  );
}
