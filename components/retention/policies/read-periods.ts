import type { Period, PolicyTerms } from "@/lib/retention/policies/policy-terms";

export type PeriodTerms = Pick<PolicyTerms, "trigger" | "minimum" | "period" | "waiting">;

/** Reads the periods of a policy form; null while they are empty. */
export function readPeriods(form: FormData): PeriodTerms | null {
  const trigger = form.get("terms.trigger") as PolicyTerms["trigger"];
  const [minimum, period, waiting] = ["minimum", "period", "waiting"].map((name) => readPeriod(form, `terms.${name}`));
  if (!period || (trigger !== "call" && !waiting)) return null;
  return { trigger, minimum: minimum ?? null, period, waiting: trigger === "call" ? null : (waiting ?? null) };
}

function readPeriod(form: FormData, name: string): Period | null {
  const value = Number(form.get(`${name}.value`));
  return Number.isInteger(value) && value > 0 ? { value, unit: form.get(`${name}.unit`) as Period["unit"] } : null;
}
