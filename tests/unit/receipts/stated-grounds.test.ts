import { expect, test } from "vitest";
import { mayState } from "@/lib/receipts/stated-grounds";

test.each([
  ["retention_expired", ["lgpd_15_ii", "lgpd_16"], true],
  ["retention_expired", [], false],
  ["deletion_order", [], true],
  ["deletion_order", ["lgpd_15_ii"], false],
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
