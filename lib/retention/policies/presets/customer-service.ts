import { days, fromCall, fromTrigger, years } from "@/lib/retention/policies/presets/preset";

/** Attendance of customers, with and without a duty to record. */
export const customerServicePresets = [
  fromCall("sac_regulated", days(90), days(180), "art7_ii", "high"),
  fromCall("customer_service", null, days(180), "art7_ix", "high"),
  fromTrigger("complaint", "complaint", { minimum: null, period: years(5), waiting: days(180) }, "art7_vi", "high"),
  fromTrigger("phone_sale", "contract_end", { minimum: null, period: years(5), waiting: years(10) }, "art7_vi", "high"),
  fromTrigger(
    "debt_collection",
    "contract_end",
    { minimum: null, period: years(5), waiting: years(10) },
    "art7_x",
    "medium",
  ),
  fromCall("quality_sample", null, days(90), "art7_ix", "medium"),
] as const;
