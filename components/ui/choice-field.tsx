import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";

export type Option = { value: string; label: string };

export type ChoiceFieldProps = {
  /** Id of the control; its name unless told. */
  id?: string;
  name: string;
  label: string;
  /** The first option, which chooses nothing. */
  any: string;
  value?: string;
  options: readonly Option[];
};

/** One of several, or any: a select with its label. */
export function ChoiceField({ name, id = name, label, any, value, options }: ChoiceFieldProps) {
  return (
    <Field id={id} label={label}>
      <Select name={name} defaultValue={value ?? ""}>
        <option value="">{any}</option>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </Select>
    </Field>
  );
}
