import { expect, test } from "vitest";
import { CoalescedCheck } from "@/lib/storage/coalesced-check";

/** Checks that end when the test ends them. */
function heldChecks() {
  const checks: PromiseWithResolvers<void>[] = [];
  const shared = new CoalescedCheck(() => {
    const check = Promise.withResolvers<void>();
    checks.push(check);
    return check.promise;
  });
  return { checks, shared };
}
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

test("callers during a running check share the next one", async () => {
  const { checks, shared } = heldChecks();
  const first = shared.run();
  let later = 0;
  const others = [1, 2, 3].map(() => shared.run().then(() => (later += 1)));
  expect(checks).toHaveLength(1);
  checks[0]!.resolve();
  await first;
  await nextTurn();
  expect([checks.length, later]).toEqual([2, 0]);
  const last = shared.run();
  checks[1]!.resolve();
  await Promise.all(others);
  await nextTurn();
  expect([checks.length, later]).toEqual([3, 3]);
  checks[2]!.resolve();
  await last;
  void shared.run();
  expect(checks).toHaveLength(4);
});

test("a failed check fails for its callers only", async () => {
  const { checks, shared } = heldChecks();
  const first = shared.run();
  const [second, third] = [shared.run(), shared.run()];
  checks[0]!.reject(new Error("gone"));
  await expect(first).rejects.toThrow("gone");
  await nextTurn();
  checks[1]!.reject(new Error("still gone"));
  await expect(second).rejects.toThrow("still gone");
  await expect(third).rejects.toThrow("still gone");
  const next = shared.run();
  checks[2]!.resolve();
  await next;
});
