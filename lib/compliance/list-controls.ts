import { z } from "zod";
import { controlGroups, controls, type ControlGroupName } from "@/lib/compliance/controls";
import { controlRows, lastCheck, type ControlRow } from "@/lib/compliance/control-rows";
import { query } from "@/lib/operation/operation";

export const controlFilters = z.object({ state: z.enum(["gap", "all"]).default("all") });

/** All controls in their groups, as the last check found them, with articles, plans and accepted risks. */
export const listControls = query({
  permission: "compliance:read",
  input: controlFilters,
  run: async ({ db, input: { state } }) => {
    const check = await lastCheck(db);
    const rows = await controlRows(db, check?.id ?? null);
    const isShown = (row: ControlRow) => state === "all" || ["fail", "unknown"].includes(row.state);
    const groups = Object.entries(controlGroups).map(([group, members]) => ({
      group: group as ControlGroupName,
      controls: rows
        .filter((row) => row.control in members && isShown(row))
        .map((row) => ({ ...row, articles: controls[row.control].articles })),
    }));
    return { check, counts: countStates(rows), groups: groups.filter((group) => group.controls.length > 0) };
  },
});

export type ControlList = Awaited<ReturnType<typeof listControls>>;
export type ListedControl = ControlList["groups"][number]["controls"][number];

function countStates(rows: readonly ControlRow[]) {
  const count = (...states: ControlRow["state"][]) => rows.filter((row) => states.includes(row.state)).length;
  return {
    pass: count("pass"),
    fail: count("fail"),
    accepted: count("accepted"),
    unknown: count("unknown", "unchecked"),
    not_applicable: count("not_applicable"),
  };
}
