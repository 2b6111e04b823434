"use client";

import { useTranslations } from "next-intl";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";

export type DiallingFieldsProps = {
  areaCode?: string | null;
  outsidePrefix?: string | null;
  problem: (path: string) => string | undefined;
};

/** The fields of how a phone system dials: of a unit, or of a source. */
export function DiallingFields({ areaCode, outsidePrefix, problem }: DiallingFieldsProps) {
  const t = useTranslations("settings.units");
  return (
    <>
      <Field id="areaCode" label={t("areaCode")} hint={t("areaCodeHint")} error={problem("areaCode")}>
        <Input
          name="areaCode"
          inputMode="numeric"
          maxLength={2}
          autoComplete="off"
          defaultValue={areaCode ?? ""}
          className="w-24"
        />
      </Field>
      <Field
        id="outsidePrefix"
        label={t("outsidePrefix")}
        hint={t("outsidePrefixHint")}
        error={problem("outsidePrefix")}
      >
        <Input
          name="outsidePrefix"
          inputMode="numeric"
          maxLength={4}
          autoComplete="off"
          defaultValue={outsidePrefix ?? ""}
          className="w-24"
        />
      </Field>
    </>
  );
}
