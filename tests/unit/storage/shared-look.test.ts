import { expect, test } from "vitest";
import { SharedLook } from "@/lib/storage/shared-look";

/** A look that ends when it is told to. */
function heldLook() {
  const looks: PromiseWithResolvers<void>[] = [];
  const shared = new SharedLook(() => {
    const look = Promise.withResolvers<void>();
    looks.push(look);
    return look.promise;
  });
  return { looks, shared };
}
const settle = () => new Promise((resolve) => setImmediate(resolve));

test("who asks while a look is under way gets one that begins after it, shared with all who ask meanwhile", async () => {
  const { looks, shared } = heldLook();
  const first = shared.see();
  let later = 0;
  const others = [1, 2, 3].map(() => shared.see().then(() => (later += 1)));
  expect(looks).toHaveLength(1);
  looks[0]!.resolve();
  await first;
  await settle();
  expect([looks.length, later]).toEqual([2, 0]);
  const last = shared.see();
  looks[1]!.resolve();
  await Promise.all(others);
  await settle();
  expect([looks.length, later]).toEqual([3, 3]);
  looks[2]!.resolve();
  await last;
  void shared.see();
  expect(looks).toHaveLength(4);
});

test("a look that fails fails for those who share it, and not for the next", async () => {
  const { looks, shared } = heldLook();
  const first = shared.see();
  const [second, third] = [shared.see(), shared.see()];
  looks[0]!.reject(new Error("gone"));
  await expect(first).rejects.toThrow("gone");
  await settle();
  looks[1]!.reject(new Error("still gone"));
  await expect(second).rejects.toThrow("still gone");
  await expect(third).rejects.toThrow("still gone");
  const next = shared.see();
  looks[2]!.resolve();
  await next;
});
