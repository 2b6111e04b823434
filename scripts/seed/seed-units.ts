import type { OperationContext } from "@/lib/operation/operation";
import { createUnit } from "@/lib/access/units/create-unit";
import { listUnits } from "@/lib/access/units/list-units";

const units = [
  { code: "suporte", name: "Suporte", timeZone: "America/Sao_Paulo" },
  { code: "cobranca", name: "Cobrança", timeZone: "America/Recife" },
  { code: "vendas", name: "Vendas", timeZone: "America/Manaus" },
  { code: "clinica", name: "Clínica", timeZone: "America/Cuiaba" },
] as const;

/** Creates the missing example units. Returns the ids of all units by code. */
export async function seedUnits(admin: OperationContext): Promise<Map<string, string>> {
  const existing = new Set((await listUnits(admin, {})).map((unit) => unit.code));
  for (const unit of units) if (!existing.has(unit.code)) await createUnit(admin, unit);
  return new Map((await listUnits(admin, {})).map((unit) => [unit.code, unit.id]));
}
