import { days, fromCall, fromTrigger, years } from "@/lib/retention/policies/presets/preset";

/** Sectors whose regulator says something of its own. */
export const regulatedServicePresets = [
  // The period of Anatel's Resolution 765/2023 was not found: the longest of the older rules stands in for it.
  fromCall("telecom", days(180), days(180), "art7_ii", "low"),
  fromCall("energy", days(90), days(180), "art7_ii", "low"),
  fromCall("airline", days(90), days(180), "art7_ii", "medium"),
  fromCall("health_plan", days(90), days(90), "art7_ii", "medium"),
  fromTrigger(
    "health_plan_complaint",
    "complaint",
    { minimum: years(5), period: years(5), waiting: days(90) },
    "art7_ii",
    "medium",
  ),
  fromCall("telehealth", years(20), years(20), "art11_ii_a", "high"),
] as const;
