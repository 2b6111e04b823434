import { expect, test } from "vitest";
import { principals, type Principal } from "@/lib/operation/actor";
import { permissions } from "@/lib/operation/permissions";
import { errorStatus } from "@/lib/core/errors";
import { signInDelaySeconds } from "@/lib/access/sign-in/sign-in-throttle";
import { takeDenialQuota } from "@/lib/operation/denial-quota";
import { auditActions } from "@/lib/operation/audit-actions";

test("every permission is given to principals that exist, once each, and to at least one", () => {
  for (const [name, row] of Object.entries(permissions) as [string, readonly Principal[]][]) {
    expect(row.length, name).toBeGreaterThan(0);
    expect(new Set(row).size, name).toBe(row.length);
    expect(
      row.filter((principal) => !principals.includes(principal)),
      name,
    ).toEqual([]);
  }
});

test("names of permissions, events and error codes have one form", () => {
  for (const name of Object.keys(permissions)) expect(name).toMatch(/^[a-z-]+:[a-z-]+$/);
  for (const action of auditActions) expect(action).toMatch(/^[a-z_]+\.[a-z_]+$/);
  expect(new Set(auditActions).size).toBe(auditActions.length);
  for (const [code, status] of Object.entries(errorStatus)) {
    expect(code).toMatch(/^[a-z_]+$/);
    expect(status).toBeGreaterThanOrEqual(400);
  }
});

test("sign-in has no delay three times, then doubles it up to a quarter of an hour", () => {
  expect([0, 1, 2, 3, 4, 5, 6, 12, 13, 14, 1000, 1e9].map(signInDelaySeconds)).toEqual([
    0, 0, 0, 0, 2, 4, 8, 512, 900, 900, 900, 900,
  ]);
});

test("records at most thirty refusals of one actor a minute, without effect on other actors", () => {
  const recorded = Array.from({ length: 40 }, () => takeDenialQuota("one", 1000)).filter(Boolean);
  expect(recorded).toHaveLength(30);
  expect(takeDenialQuota("two", 1000)).toBe(true);
  expect(takeDenialQuota("one", 60_999)).toBe(false);
  expect(takeDenialQuota("one", 61_000)).toBe(true);
});
