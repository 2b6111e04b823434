import type { OperationContext } from "@/lib/operation";
import { createRetentionPolicy } from "@/lib/retention/create-retention-policy";
import { listRetentionPolicies } from "@/lib/retention/list-retention-policies";
import { listUnits } from "@/lib/units/list-units";

const policies = [
  { name: "Atendimento (padrão)", days: 180, minimum: 90, unit: null, source: "Decreto 11.034/2022, art. 12", justification: "O decreto pede 90 dias nos serviços regulados; o dobro cobre as contestações." },
  { name: "Clínica", days: 365, minimum: 90, unit: "clinica", source: "Regra interna da clínica", justification: "Prazo interno da clínica para contestação de agendamentos." },
] as const;

/** Makes sure that the example policies exist: the default one first, since nothing is stored without a date. */
export async function seedRetentionPolicies(admin: OperationContext): Promise<void> {
  const existing = new Set((await listRetentionPolicies(admin, {})).map((policy) => policy.name));
  const unitIds = new Map((await listUnits(admin, {})).map((unit) => [unit.code, unit.id]));
  for (const { name, days, minimum, unit, source, justification } of policies) {
    if (existing.has(name)) continue;
    const inDays = (value: number) => ({ value, unit: "day" as const });
    const terms = {
      ...{ name, isDefault: unit === null, match: { unitId: unit && (unitIds.get(unit) ?? null), queueId: null, direction: null, callKind: null } },
      ...{ trigger: "call" as const, minimum: minimum && inDays(minimum), period: inDays(days), waiting: null },
      ...{ legalBasis: "art7_ii" as const, source, reviewOn: "2028-01-31", justification, presetKey: null },
    };
    await createRetentionPolicy(admin, { terms, reason: "Dados de exemplo", acknowledgedDue: 0 });
  }
}
