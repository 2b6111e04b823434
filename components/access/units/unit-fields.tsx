"use client";

import { useTranslations } from "next-intl";
import { DiallingFields } from "@/components/access/units/dialling-fields";
import { useTimeZoneName } from "@/components/ui/use-time-zone-name";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";

export type UnitFieldsProps = {
  name?: string;
  areaCode?: string | null;
  outsidePrefix?: string | null;
  timeZone: string;
  timeZones: readonly string[];
  problem: (path: string) => string | undefined;
};

/** The fields of a unit that may change. */
export function UnitFields({ name, areaCode, outsidePrefix, timeZone, timeZones, problem }: UnitFieldsProps) {
  const t = useTranslations("settings.units");
  const zoneName = useTimeZoneName();
  return (
    <>
      <Field id="name" label={t("name")} error={problem("name")}>
        <Input name="name" required maxLength={120} autoComplete="off" defaultValue={name} />
      </Field>
      <Field id="timeZone" label={t("timeZone")} hint={t("timeZoneHint")} error={problem("timeZone")}>
        <Select name="timeZone" defaultValue={timeZones.includes(timeZone) ? timeZone : "America/Sao_Paulo"}>
          {timeZones.map((zone) => (
            <option key={zone} value={zone}>
              {zoneName(zone)}
            </option>
          ))}
        </Select>
      </Field>
      <DiallingFields areaCode={areaCode} outsidePrefix={outsidePrefix} problem={problem} />
    </>
  );
}
