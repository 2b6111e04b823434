import { accountabilityControls } from "@/lib/compliance/controls/accountability";
import { accessControls } from "@/lib/compliance/controls/access";
import type { Control } from "@/lib/compliance/controls/control";
import { governanceControls } from "@/lib/compliance/controls/governance";
import { principleControls } from "@/lib/compliance/controls/principles";
import { retentionControls } from "@/lib/compliance/controls/retention";
import { rightsControls } from "@/lib/compliance/controls/rights";
import { securityControls } from "@/lib/compliance/controls/security";

/** All controls in their groups, in the order of the page. */
export const controlGroups = {
  principles: principleControls,
  retention: retentionControls,
  rights: rightsControls,
  security: securityControls,
  access: accessControls,
  governance: governanceControls,
  accountability: accountabilityControls,
} as const;

export type ControlGroupName = keyof typeof controlGroups;

type Groups = typeof controlGroups;
export type ControlName = { [Group in ControlGroupName]: keyof Groups[Group] & string }[ControlGroupName];

/** Every control, by its name. */
export const controls = Object.assign({}, ...Object.values(controlGroups)) as Record<ControlName, Control>;

export const controlNames = Object.keys(controls) as [ControlName, ...ControlName[]];
