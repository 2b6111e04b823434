import type { OperationContext } from "@/lib/operation/operation";
import { applyRetentionPresets } from "@/lib/retention/policies/apply-retention-presets";
import { listUnits } from "@/lib/access/units/list-units";

const everything = { unitId: null, queueId: null, direction: null, callKind: null };

/** Creates the example policies from presets: the default, without which nothing is stored, and three more. */
export async function seedRetentionPolicies(admin: OperationContext): Promise<void> {
  const unitIds = new Map((await listUnits(admin, {})).map(({ code, id }) => [code, id]));
  const ofUnit = (key: "sac_regulated" | "telehealth", code: string) =>
    unitIds.has(code) ? [{ key, isDefault: false, match: { ...everything, unitId: unitIds.get(code)! } }] : [];
  const uses = [
    { key: "customer_service" as const, isDefault: true, match: everything },
    ...ofUnit("sac_regulated", "suporte"),
    ...ofUnit("telehealth", "clinica"),
    { key: "complaint" as const, isDefault: false, match: { ...everything, callKind: "complaint" } },
  ];
  await applyRetentionPresets(admin, { uses, reviewOn: "2028-01-31", reason: "Dados de exemplo", acknowledgedDue: 0 });
}
