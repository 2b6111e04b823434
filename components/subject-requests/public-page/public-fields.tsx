import { useTranslations } from "next-intl";
import type { ComponentProps } from "react";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { Textarea } from "@/components/ui/textarea";
import type { PublicFormFields } from "@/components/subject-requests/public-page/use-public-form";
import type { Messages } from "@/lib/i18n/namespaces";

type FieldName = keyof Messages["titular"]["fields"];
type Shared = { name: FieldName; of: PublicFormFields; isOptional?: boolean };

/** Label, hint and problem of a field. A hint exists for some. */
function useFieldWords({ name, of, isOptional }: Shared) {
  const t = useTranslations();
  const hint = `titular.hints.${name}`;
  return {
    id: name,
    label: t(`titular.fields.${name}`),
    note: isOptional ? t("common.optional") : undefined,
    hint: t.has(hint as never) ? t(hint as never) : undefined,
    error: of.problem(name),
  };
}

export function PublicText({ name, of, isOptional, ...input }: Shared & ComponentProps<"input">) {
  return (
    <Field {...useFieldWords({ name, of, isOptional })}>
      <Input name={name} defaultValue={of.sent(name)} {...input} />
    </Field>
  );
}

/** Several lines: own words, or one value on each. */
export function PublicLines({ name, of, isOptional, ...area }: Shared & ComponentProps<"textarea">) {
  return (
    <Field {...useFieldWords({ name, of, isOptional })}>
      <Textarea name={name} defaultValue={of.sent(name)} {...area} />
    </Field>
  );
}

type Choice = Shared & {
  options: readonly (readonly [value: string, label: string])[];
  initial?: string;
  onChoose?: (value: string) => void;
};

export function PublicChoice({ name, of, isOptional, options, initial, onChoose }: Choice) {
  return (
    <Field {...useFieldWords({ name, of, isOptional })}>
      <Select name={name} defaultValue={of.sent(name) ?? initial} onChange={(event) => onChoose?.(event.target.value)}>
        {options.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </Select>
    </Field>
  );
}
