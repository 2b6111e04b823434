"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { useKeptValues } from "@/components/forms/kept-form";
import { SelectField, TextField, type Problem } from "@/components/subject-requests/text-field";
import { useTimeZoneName } from "@/components/ui/use-time-zone-name";
import type { Intake } from "@/lib/subject-requests/read-intake";

const authorities: readonly string[] = ["procon", "anpd_order"];

export type ReceiptFieldsProps = Pick<Intake, "choices" | "timeZone" | "now"> & { problem: Problem };

/** How and when the request arrived. An authority's own number and day are asked for its requests only. */
export function ReceiptFields({ choices, timeZone, now, problem }: ReceiptFieldsProps) {
  const t = useTranslations("subjectRequests");
  const zoneName = useTimeZoneName();
  const [channel, setChannel] = useState(useKeptValues("channel")?.[0] ?? choices.channels[0]!);
  const isAuthority = authorities.includes(channel);
  return (
    <>
      <SelectField
        name="channel"
        problem={problem}
        onChoose={setChannel}
        options={choices.channels.map((value) => [value, t(`channels.${value}`)])}
      />
      <div className="grid gap-1">
        <TextField name="receivedAt" type="datetime-local" required defaultValue={now} max={now} problem={problem} />
        <p className="text-sm text-ink-muted">{t("intake.zone", { zone: zoneName(timeZone) })}</p>
      </div>
      {isAuthority ? (
        <>
          <TextField name="authorityReference" maxLength={100} problem={problem} isOptional={channel === "procon"} />
          <TextField name="orderedDueOn" type="date" problem={problem} isOptional className="max-w-48" />
        </>
      ) : null}
    </>
  );
}
