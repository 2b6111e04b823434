import { useTranslations } from "next-intl";
import type { ComponentProps } from "react";
import { useKeptValues } from "@/components/forms/kept-form";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { Textarea } from "@/components/ui/textarea";
import type { Messages } from "@/lib/i18n/namespaces";

export type Problem = (path: string) => string | undefined;
type Words = Messages["subjectRequests"];
type FieldName = keyof Words["fields"];
type Shared = { name: FieldName; problem: Problem; isOptional?: boolean; className?: string };

/** The label, hint and problem of a field of the intake; a hint exists for some. */
function useFieldWords({ name, problem, isOptional, className }: Shared) {
  const t = useTranslations();
  const hint = `subjectRequests.hints.${name}`;
  return {
    id: name,
    label: t(`subjectRequests.fields.${name}`),
    note: isOptional ? t("common.optional") : undefined,
    hint: t.has(hint as never) ? t(hint as never) : undefined,
    error: problem(name),
    className,
  };
}

export function TextField({
  name,
  problem,
  isOptional,
  className,
  defaultValue,
  ...input
}: Shared & ComponentProps<"input">) {
  const [kept] = useKeptValues(name) ?? [];
  return (
    <Field {...useFieldWords({ name, problem, isOptional, className })}>
      <Input name={name} autoComplete="off" defaultValue={kept ?? defaultValue} {...input} />
    </Field>
  );
}

/** Several lines: a text, or one value on each. */
export function LinesField({ name, problem, isOptional, className, ...area }: Shared & ComponentProps<"textarea">) {
  const [kept] = useKeptValues(name) ?? [];
  return (
    <Field {...useFieldWords({ name, problem, isOptional, className })}>
      <Textarea name={name} autoComplete="off" defaultValue={kept} {...area} />
    </Field>
  );
}

type ChoiceProps = Shared & {
  options: readonly (readonly [value: string, label: string])[];
  /** For a choice that other fields depend on. */
  onChoose?: (value: string) => void;
};

export function SelectField({ name, problem, isOptional, className, options, onChoose }: ChoiceProps) {
  const [kept] = useKeptValues(name) ?? [];
  return (
    <Field {...useFieldWords({ name, problem, isOptional, className })}>
      <Select name={name} defaultValue={kept} onChange={(event) => onChoose?.(event.target.value)}>
        {options.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </Select>
    </Field>
  );
}
