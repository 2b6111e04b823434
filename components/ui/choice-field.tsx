import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";

export type Option = { value: string; label: string };

export type ChoiceFieldProps = {
  /** The id of the control; default: its name. */
  id?: string;
  name: string;
  label: string;
  /** The label of the first option, which chooses nothing. */
  any: string;
  value?: string;
  options: readonly Option[];
};

/** A labelled select of one option, or any. */
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
