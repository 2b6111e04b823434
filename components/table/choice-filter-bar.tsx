import { useTranslations } from "next-intl";
import { ActiveFilters } from "@/components/table/active-filters";
import { FilterBar } from "@/components/table/filter-bar";
import { ChoiceField, type Option } from "@/components/ui/choice-field";

export type ChoiceFilter = {
  /** The parameter in the address. */
  name: string;
  label: string;
  /** The first option, which chooses nothing. Default: all. */
  any?: string;
  value?: string;
  options: readonly Option[];
  /** Shown for a value that is none of the options. Without it such a value is not shown. */
  otherLabel?: string;
};

/** Filters that are choices and live in the address; those in force are chips below. */
export function ChoiceFilterBar({ action, filters }: { action: string; filters: readonly ChoiceFilter[] }) {
  const all = useTranslations("common")("all");
  const chips = filters.flatMap(({ name, label, value, options, otherLabel }) => {
    const chosen = options.find((option) => option.value === value)?.label ?? otherLabel;
    return value === undefined || chosen === undefined ? [] : [{ parameters: [name], label, value: chosen }];
  });
  return (
    <div className="grid gap-3">
      {/* A new address brings new defaults. */}
      <FilterBar key={filters.map(({ value }) => value).join()} action={action}>
        {filters.map(({ name, label, any = all, value, options }) => (
          <ChoiceField
            key={name}
            id={`filter-${name}`}
            name={name}
            label={label}
            any={any}
            value={value}
            options={options}
          />
        ))}
      </FilterBar>
      <ActiveFilters filters={chips} />
    </div>
  );
}
