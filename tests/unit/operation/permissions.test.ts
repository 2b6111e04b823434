import { describe, expect, test } from "vitest";
import { principals, type Actor, type Principal } from "@/lib/operation/actor";
import { isAllowed, permissions, type Permission } from "@/lib/operation/permissions";
import { errorStatus } from "@/lib/core/errors";
import { signInDelaySeconds } from "@/lib/access/sign-in/sign-in-throttle";
import { takeDenialQuota } from "@/lib/operation/denial-quota";
import { auditActions } from "@/lib/operation/audit-actions";

const actorOf = (principal: Principal): Actor => {
  if (principal === "anonymous") return { type: "anonymous" };
  if (principal === "job") return { type: "job", name: "seal" };
  if (principal === "service") return { type: "service", serviceAccountId: "x", apiKeyId: "x" };
  return { type: "user", userId: "x", role: principal, unitIds: [], sessionId: "x" };
};
const may = (principal: Principal) =>
  (Object.keys(permissions) as Permission[]).filter((permission) => isAllowed(actorOf(principal), permission)).sort();

describe("who may what", () => {
  test("the phone system uploads and reports; beyond that it may what is open to everybody", () =>
    expect(may("service")).toEqual([
      "audit:read-public-keys",
      "playback:open",
      "recording:complete-upload",
      "recording:upload",
      "retention-trigger:report",
    ]));
  test("the administrator and the auditor hear nothing", () => {
    for (const role of ["admin", "auditor"] as const)
      for (const permission of ["recording:play", "recording:download", "recording:read-number"])
        expect(may(role)).not.toContain(permission);
  });
  test("nobody who is signed in seals the log, deletes or reconciles", () => {
    for (const role of ["admin", "supervisor", "dpo", "auditor", "service", "anonymous"] as const)
      for (const permission of [
        "audit:seal",
        "recording:retire",
        "retention:run",
        "upload:reconcile",
        "user:bootstrap",
      ])
        expect(may(role)).not.toContain(permission);
  });
  test("users, units, keys and policies are the administrator's alone", () => {
    for (const permission of ["user:write", "unit:write", "service-account:write", "retention-policy:write"] as const)
      expect(principals.filter((principal) => isAllowed(actorOf(principal), permission))).toEqual(["admin"]);
  });
  test("only a DPO downloads and sees whole numbers", () => {
    for (const permission of ["recording:download", "recording:read-number"] as const)
      expect(permissions[permission]).toEqual(["dpo"]);
  });
  test("every row names principals that exist, once each, and somebody", () => {
    for (const [name, row] of Object.entries(permissions) as [string, readonly Principal[]][]) {
      expect(row.length, name).toBeGreaterThan(0);
      expect(new Set(row).size, name).toBe(row.length);
      expect(
        row.filter((principal) => !principals.includes(principal)),
        name,
      ).toEqual([]);
    }
  });
});

test("names are of one form", () => {
  for (const name of Object.keys(permissions)) expect(name).toMatch(/^[a-z-]+:[a-z-]+$/);
  for (const action of auditActions) expect(action).toMatch(/^[a-z_]+\.[a-z_]+$/);
  expect(new Set(auditActions).size).toBe(auditActions.length);
  for (const [code, status] of Object.entries(errorStatus)) {
    expect(code).toMatch(/^[a-z_]+$/);
    expect(status).toBeGreaterThanOrEqual(400);
  }
});

test("sign-in waits nothing three times, then doubles up to a quarter of an hour", () => {
  expect([0, 1, 2, 3, 4, 5, 6, 12, 13, 14, 1000, 1e9].map(signInDelaySeconds)).toEqual([
    0, 0, 0, 0, 2, 4, 8, 512, 900, 900, 900, 900,
  ]);
});

test("refusals of one actor are recorded thirty times a minute, others' as before", () => {
  const recorded = Array.from({ length: 40 }, () => takeDenialQuota("one", 1000)).filter(Boolean);
  expect(recorded).toHaveLength(30);
  expect(takeDenialQuota("two", 1000)).toBe(true);
  expect(takeDenialQuota("one", 60_999)).toBe(false);
  expect(takeDenialQuota("one", 61_000)).toBe(true);
});
