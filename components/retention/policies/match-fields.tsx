import { useTranslations } from "next-intl";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import type { RetentionScopes } from "@/lib/retention/policies/list-retention-scopes";
import type { PolicyTerms } from "@/lib/retention/policies/policy-terms";

export type MatchFieldsProps = {
  scopes: RetentionScopes;
  terms?: Pick<PolicyTerms, "isDefault" | "match">;
  problem: (path: string) => string | undefined;
  /** True while the default policy is chosen: it applies to everything, without direction or kind. */
  isDefault: boolean;
};

/**
 * Chooses which recordings a policy applies to: all others (the default), all, a unit or a queue; a direction, a kind
 * of call.
 */
export function MatchFields({ scopes, terms, problem, isDefault }: MatchFieldsProps) {
  const t = useTranslations("policies");
  const chosen = terms
    ? terms.isDefault
      ? "default"
      : terms.match.queueId
        ? `queue:${terms.match.queueId}`
        : terms.match.unitId
          ? `unit:${terms.match.unitId}`
          : "all"
    : scopes.hasDefault
      ? ""
      : "default";
  const mayBeDefault = terms ? terms.isDefault : !scopes.hasDefault;
  return (
    <>
      <Field
        id="scope"
        label={t("form.scope")}
        error={problem("terms.match.unitId") ?? problem("terms.match.queueId") ?? problem("terms.isDefault")}
      >
        <Select name="scope" required defaultValue={chosen}>
          {chosen === "" ? (
            <option value="" disabled>
              {t("form.choose")}
            </option>
          ) : null}
          {mayBeDefault ? <option value="default">{t("form.scopeDefault")}</option> : null}
          {terms?.isDefault ? null : <PlaceOptions scopes={scopes} />}
        </Select>
      </Field>
      {isDefault ? null : (
        <div className="grid gap-4 sm:grid-cols-2">
          <Field id="direction" label={t("form.direction")}>
            <Select name="terms.match.direction" defaultValue={terms?.match.direction ?? ""}>
              <option value="">{t("form.anyDirection")}</option>
              {(["inbound", "outbound", "internal"] as const).map((direction) => (
                <option key={direction} value={direction}>
                  {t(`directions.${direction}`)}
                </option>
              ))}
            </Select>
          </Field>
          <Field
            id="callKind"
            label={t("form.callKind")}
            hint={t("form.callKindHint")}
            error={problem("terms.match.callKind")}
          >
            <Input
              name="terms.match.callKind"
              maxLength={64}
              autoComplete="off"
              list="call-kinds"
              defaultValue={terms?.match.callKind ?? ""}
            />
          </Field>
          <datalist id="call-kinds">
            {scopes.callKinds.map((kind) => (
              <option key={kind} value={kind} />
            ))}
          </datalist>
        </div>
      )}
    </>
  );
}

/** Options for all units, and for each unit with its queues. */
export function PlaceOptions({ scopes }: { scopes: RetentionScopes }) {
  const t = useTranslations("policies.form");
  return (
    <>
      <option value="all">{t("scopeAll")}</option>
      {scopes.units.map((unit) => (
        <optgroup key={unit.id} label={unit.name}>
          <option value={`unit:${unit.id}`}>{t("wholeUnit", { unit: unit.name })}</option>
          {unit.queues.map((queue) => (
            <option key={queue.id} value={`queue:${queue.id}`}>
              {t("queue", { queue: queue.code })}
            </option>
          ))}
        </optgroup>
      ))}
    </>
  );
}
