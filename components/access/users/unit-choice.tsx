import { useTranslations } from "next-intl";
import { Checkbox } from "@/components/ui/checkbox";

export type UnitOption = { id: string; name: string };

export type UnitChoiceProps = {
  units: readonly UnitOption[];
  chosen: readonly string[];
  error?: string;
  disabled?: boolean;
};

/** The units of a supervisor as checkboxes, in a scrolling list. */
export function UnitChoice({ units, chosen, error, disabled }: UnitChoiceProps) {
  const t = useTranslations("users.form");
  return (
    <fieldset disabled={disabled} className="grid min-w-0 gap-1" aria-describedby={error ? "unitIds-error" : undefined}>
      <legend className="mb-1 text-sm font-medium">{t("units")}</legend>
      {units.length === 0 ? (
        <p className="text-ink-muted">{t("noUnits")}</p>
      ) : (
        <p className="text-sm text-ink-muted">{t("unitsHint")}</p>
      )}
      {units.length > 0 ? (
        <div className="grid max-h-64 gap-x-4 overflow-y-auto rounded border border-line px-3 py-1 sm:grid-cols-2">
          {units.map((unit) => (
            <Checkbox
              key={unit.id}
              name="unitIds[]"
              value={unit.id}
              label={unit.name}
              defaultChecked={chosen.includes(unit.id)}
              aria-invalid={error ? true : undefined}
            />
          ))}
        </div>
      ) : null}
      {error ? (
        <p id="unitIds-error" className="text-sm font-medium text-danger">
          {error}
        </p>
      ) : null}
    </fieldset>
  );
}
