import { useTranslations } from "next-intl";
import type { ComponentProps } from "react";
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
    ...{ id: name, label: t(`subjectRequests.fields.${name}`), error: problem(name), className },
    note: isOptional ? t("common.optional") : undefined,
    hint: t.has(hint as never) ? t(hint as never) : undefined,
  };
}

export function TextField({ name, problem, isOptional, className, ...input }: Shared & ComponentProps<"input">) {
  return (
    <Field {...useFieldWords({ name, problem, isOptional, className })}>
      <Input name={name} autoComplete="off" {...input} />
    </Field>
  );
}

/** Several lines: a text, or one value on each. */
export function LinesField({ name, problem, isOptional, className, ...area }: Shared & ComponentProps<"textarea">) {
  return (
    <Field {...useFieldWords({ name, problem, isOptional, className })}>
      <Textarea name={name} autoComplete="off" {...area} />
    </Field>
  );
}

type ChoiceProps = Shared &
  ComponentProps<"select"> & { options: readonly (readonly [value: string, label: string])[] };

export function SelectField({ name, problem, isOptional, className, options, ...select }: ChoiceProps) {
  return (
    <Field {...useFieldWords({ name, problem, isOptional, className })}>
      <Select name={name} {...select}>
        {options.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </Select>
    </Field>
  );
}
