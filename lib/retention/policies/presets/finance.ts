import { days, fromCall, fromTrigger, years } from "@/lib/retention/policies/presets/preset";

/** Banks, securities and insurance. */
export const financePresets = [
  fromCall("bank_sac", days(90), years(5), "art7_ii", "high"),
  fromCall("bank_ombudsman", years(5), years(5), "art7_ii", "medium"),
  fromCall("securities_orders", years(5), years(5), "art7_ii", "high"),
  fromTrigger(
    "insurance",
    "contract_end",
    { minimum: years(5), period: years(5), waiting: years(10) },
    "art7_ii",
    "medium",
  ),
  fromCall("aml_evidence", years(5), years(10), "art7_ii", "medium"),
] as const;
