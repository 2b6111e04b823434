import { expect, it } from "vitest";
import { provideDataKeyVault, providedVault } from "@/lib/storage/envelope/data-key-vault";

it("fails at first use without a provided vault, and uses the provided one", async () => {
  await expect(providedVault.open("recordings/1")).rejects.toThrow("call provideDataKeyVault when it starts");
  await expect(providedVault.create("recordings/1")).rejects.toThrow("call provideDataKeyVault when it starts");
  const key = { secret: Buffer.alloc(32), keyId: "k" };
  provideDataKeyVault({ create: async () => key, open: async () => null });
  expect(await providedVault.create("recordings/1")).toBe(key);
  expect(await providedVault.open("recordings/1")).toBeNull();
});
