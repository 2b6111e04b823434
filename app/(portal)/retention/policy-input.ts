import { formInput } from "@/lib/http/form-input";

/**
 * What a policy form asks of an operation: "terms.period.value" becomes a part of `terms`, and what was left empty
 * becomes null.
 */
export function policyInput<Input>(form: FormData): Input {
  const fields = formInput<Record<string, string>>(form);
  const said = (name: string) => fields[name]?.trim() || null;
  const period = (name: string) => ({ value: fields[`${name}.value`] ?? "", unit: fields[`${name}.unit`] ?? "" });
  const optionalPeriod = (name: string) => (said(`${name}.value`) === null ? null : period(name));
  const [scope, id] = (fields.scope ?? "").split(":") as [string, string?];
  // No choice is no valid unit: no policy is for everything because somebody forgot to choose.
  const unitId = scope === "unit" ? (id ?? "") : ["queue", "all", "default"].includes(scope) ? null : "";
  const terms = {
    ...{ name: fields["terms.name"] ?? "", isDefault: scope === "default", trigger: fields["terms.trigger"] ?? "" },
    match: {
      unitId,
      queueId: scope === "queue" ? (id ?? "") : null,
      direction: said("terms.match.direction"),
      callKind: said("terms.match.callKind"),
    },
    ...{
      minimum: optionalPeriod("terms.minimum"),
      period: period("terms.period"),
      waiting: optionalPeriod("terms.waiting"),
    },
    ...{
      legalBasis: fields["terms.legalBasis"] ?? "",
      source: fields["terms.source"] ?? "",
      reviewOn: fields["terms.reviewOn"] ?? "",
    },
    ...{ justification: fields["terms.justification"] ?? "", presetKey: said("terms.presetKey") },
  };
  const { change, policyId, version, reason, acknowledgedDue } = fields;
  return { change, policyId, version, reason, acknowledgedDue, terms } as Input;
}
