import { formInput } from "@/lib/http/form-input";

/**
 * Converts a policy form to the input of an operation: "terms.period.value" becomes a part of `terms`, and an empty
 * field becomes null.
 */
export function policyInput<Input>(form: FormData): Input {
  const fields = formInput<Record<string, string>>(form);
  const optional = (name: string) => fields[name]?.trim() || null;
  const period = (name: string) => ({ value: fields[`${name}.value`] ?? "", unit: fields[`${name}.unit`] ?? "" });
  const optionalPeriod = (name: string) => (optional(`${name}.value`) === null ? null : period(name));
  const [scope, id] = (fields.scope ?? "").split(":") as [string, string?];
  // An unknown scope gives an invalid unit: a policy must not apply to everything because nothing was chosen.
  const unitId = scope === "unit" ? (id ?? "") : ["queue", "all", "default"].includes(scope) ? null : "";
  const terms = {
    ...{ name: fields["terms.name"] ?? "", isDefault: scope === "default", trigger: fields["terms.trigger"] ?? "" },
    match: {
      unitId,
      queueId: scope === "queue" ? (id ?? "") : null,
      direction: optional("terms.match.direction"),
      callKind: optional("terms.match.callKind"),
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
    ...{ justification: fields["terms.justification"] ?? "", presetKey: optional("terms.presetKey") },
  };
  const { change, policyId, version, reason, acknowledgedDue } = fields;
  return { change, policyId, version, reason, acknowledgedDue, terms } as Input;
}
