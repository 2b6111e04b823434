import { expect, test } from "vitest";
import { wordsDigest } from "@/lib/deletion/legal-ground";
import { isRecorded, mayState } from "@/lib/receipts/stated-grounds";

test.each([
  ["retention_expired", ["lgpd_15_ii", "lgpd_16"], true],
  ["retention_expired", [], false],
  ["deletion_order", [], true],
  ["deletion_order", ["lgpd_15_ii"], true],
  ["card_data", ["other"], true],
  ["deletion_order", ["lgpd_15_ii", "lgpd_18_vi"], false],
  ["deletion_order", ["lgpd_99"], false],
  ["retention_expired", ["lgpd_15_i"], false],
  ["erasure", ["lgpd_18_vi"], true],
  ["erasure", ["lgpd_18_iv", "lgpd_18_ix"], true],
  ["erasure", ["lgpd_15_i"], false],
  ["lost", [], true],
])("a certificate of %s may state %j: %s", (reason, stated, expected) =>
  expect(mayState(reason, stated)).toBe(expected),
);

test.each(["deletion_order", "cleanup", "lost", "card_data"])("an earlier certificate of %s stays valid", (reason) =>
  expect(mayState(reason, ["lgpd_15_i", "lgpd_16"])).toBe(true),
);

test("a certificate states the ground that the order's event records, and no other", () => {
  const recorded = { legalGround: "lgpd_15_i" };
  const states = (legalGrounds: string[], details: object, groundWords?: string) =>
    isRecorded("deletion_order", { legalGrounds, groundWords }, details);
  expect(states(["lgpd_15_i"], recorded)).toBe(true);
  expect(states([], recorded)).toBe(false);
  expect(states(["lgpd_15_iii"], recorded)).toBe(false);
  expect(states(["lgpd_15_i"], {})).toBe(false);
  expect(states([], {})).toBe(true);
  expect(states(["lgpd_15_i", "lgpd_16"], {})).toBe(true);
  const inWords = { legalGround: "other", legalGroundSha256: wordsDigest("Portaria 1") };
  expect(states(["other"], inWords, "Portaria 1")).toBe(true);
  expect(states(["other"], inWords, "Portaria 2")).toBe(false);
  expect(states(["other"], inWords)).toBe(false);
});
