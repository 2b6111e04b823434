import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";

export type RadioOption = { value: string; label: ReactNode; hint?: ReactNode; disabled?: boolean };

export type RadioGroupProps = {
  name: string;
  legend: ReactNode;
  options: readonly RadioOption[];
  defaultValue?: string;
  required?: boolean;
  error?: ReactNode;
  /** Puts the options side by side if there is room. */
  inline?: boolean;
  className?: string;
};

/** A choice of one option among few: a fieldset of native radio buttons, which work in a form without JavaScript. */
export function RadioGroup({
  name,
  legend,
  options,
  defaultValue,
  required,
  error,
  inline,
  className,
}: RadioGroupProps) {
  return (
    <fieldset className={cn("min-w-0", className)} aria-describedby={error ? `${name}-error` : undefined}>
      <legend className="mb-1 text-sm font-medium">{legend}</legend>
      <div className={cn("grid gap-x-5", inline && "sm:flex sm:flex-wrap")}>
        {options.map((option) => (
          <label key={option.value} className="flex items-start gap-2 py-1 has-disabled:text-ink-muted">
            <input
              type="radio"
              name={name}
              value={option.value}
              defaultChecked={option.value === defaultValue}
              disabled={option.disabled}
              required={required}
              className="mt-0.5 size-4 shrink-0 accent-accent"
            />
            <span>
              {option.label}
              {option.hint ? <span className="block text-sm text-ink-muted">{option.hint}</span> : null}
            </span>
          </label>
        ))}
      </div>
      {error ? (
        <p id={`${name}-error`} className="mt-1 text-sm font-medium text-danger">
          {error}
        </p>
      ) : null}
    </fieldset>
  );
}
