import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import type { Period } from "@/lib/retention/policies/policy-terms";

const periodUnits = ["day", "month", "year"] as const satisfies readonly Period["unit"][];

export type PeriodFieldProps = {
  name: string;
  label: string;
  hint?: ReactNode;
  error?: string;
  period?: Period | null;
  required?: boolean;
};

/** A number with its unit of time. Submits `<name>.value` and `<name>.unit`. */
export function PeriodField({ name, label, hint, error, period, required }: PeriodFieldProps) {
  const t = useTranslations("policies");
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_8rem] items-start gap-2">
      <Field id={`${name}.value`} label={label} hint={hint} error={error}>
        <Input
          name={`${name}.value`}
          type="number"
          inputMode="numeric"
          min={1}
          step={1}
          required={required}
          defaultValue={period?.value}
        />
      </Field>
      <Field id={`${name}.unit`} label={<UnitLabel of={label} />}>
        <Select name={`${name}.unit`} defaultValue={period?.unit ?? "day"}>
          {periodUnits.map((unit) => (
            <option key={unit} value={unit}>
              {t(`units.${unit}`)}
            </option>
          ))}
        </Select>
      </Field>
    </div>
  );
}

/** Names for screen readers the period that this unit belongs to: a form has several. */
function UnitLabel({ of }: { of: string }) {
  const t = useTranslations("policies.form");
  return (
    <>
      {t("unit")} <span className="sr-only">{of}</span>
    </>
  );
}
