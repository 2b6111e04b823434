import { fromCall, years } from "@/lib/retention/policies/presets/preset";

/** Calls kept as evidence, for as long as a claim can be brought. */
export const evidencePresets = [
  fromCall("contract_liability", null, years(10), "art7_vi", "medium"),
  fromCall("civil_reparation", null, years(3), "art7_vi", "high"),
  fromCall("tax_evidence", years(5), years(6), "art7_ii", "high"),
  fromCall("labour", null, years(5), "art7_vi", "high"),
] as const;
