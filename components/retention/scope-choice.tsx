import { useTranslations } from "next-intl";
import { defaultScope } from "@/components/retention/default-scope";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import type { RetentionScopes } from "@/lib/retention/list-retention-scopes";

/** What a new policy is for: the default, a unit, or a queue. What has a policy already cannot be chosen. */
export function ScopeChoice({ scopes, problem }: { scopes: RetentionScopes; problem?: string }) {
  const t = useTranslations("retention.form");
  const taken = (name: string, hasPolicy: boolean) => (hasPolicy ? t("taken", { name }) : name);
  return (
    <Field id="scope" label={t("scope")} hint={t("scopeHint")} error={problem}>
      <Select name="scope" required defaultValue={scopes.hasDefault ? "" : defaultScope}>
        {scopes.hasDefault ? (
          <option value="" disabled>
            {t("choose")}
          </option>
        ) : (
          <option value={defaultScope}>{t("default")}</option>
        )}
        {scopes.units.map((unit) => (
          <optgroup key={unit.id} label={unit.name}>
            <option value={`unit:${unit.id}`} disabled={unit.hasPolicy}>
              {taken(t("wholeUnit", { unit: unit.name }), unit.hasPolicy)}
            </option>
            {unit.queues.map((queue) => (
              <option key={queue.id} value={`queue:${queue.id}`} disabled={queue.hasPolicy}>
                {taken(t("queue", { queue: queue.code }), queue.hasPolicy)}
              </option>
            ))}
          </optgroup>
        ))}
      </Select>
    </Field>
  );
}
