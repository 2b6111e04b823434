import type { OperationContext } from "@/lib/operation";
import { createRetentionPolicy } from "@/lib/retention/create-retention-policy";
import { listRetentionPolicies } from "@/lib/retention/list-retention-policies";
import { listUnits } from "@/lib/units/list-units";

const policies = [
  { name: "Atendimento (padrão)", days: 180, unit: null, justification: "Prazo interno; o Decreto 11.034/2022, art. 12, pede ao menos 90 dias nos serviços regulados." },
  { name: "Clínica", days: 365, unit: "clinica", justification: "Prazo interno da clínica para contestação de agendamentos." },
] as const;

/** Makes sure that the example policies exist: the default one first, since nothing is stored without a date. */
export async function seedRetentionPolicies(admin: OperationContext): Promise<void> {
  const existing = new Set((await listRetentionPolicies(admin, {})).map((policy) => policy.name));
  const unitIds = new Map((await listUnits(admin, {})).map((unit) => [unit.code, unit.id]));
  for (const { unit, ...policy } of policies) {
    if (!existing.has(policy.name)) await createRetentionPolicy(admin, { ...policy, unitId: unit && (unitIds.get(unit) ?? null), queueId: null, acknowledgedDue: 0 });
  }
}
