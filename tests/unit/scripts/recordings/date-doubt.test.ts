import { expect, test } from "vitest";
import { hasDateDoubt } from "@/scripts/recordings/call-names/date-doubt";

const zone = "America/Sao_Paulo";
// 1795194202 is 2026-11-20 14:03:22 in São Paulo.
test.each<[string, boolean]>([
  ["q-600-11940001234-20261120-140322-1795194202.42", false],
  ["q-600-11940001234-20261121-140300-1795194202.42", false],
  ["q-600-11940001234-20261121-140323-1795194202.42", true],
  ["q-600-11940001234-20251120-140322-1795194202.42", true],
  ["q-600-11987654321-20261120-140322-1763658202.42", true],
  ["1795194202.42", false],
  ["11940001234-1795194202.42", false],
  ["20261120104522", false],
])("%s", (name, isDoubtful) => {
  const seconds = /(\d{9,10})\.\d+$/.exec(name)?.[1];
  const startedAt = seconds ? new Date(Number(seconds) * 1000) : new Date("2026-11-20T13:45:22Z");
  expect(hasDateDoubt(name, startedAt, zone)).toBe(isDoubtful);
});

test("a template's date in another form is compared with the channel id", () => {
  const name = "20-11-2025_1795194202.42";
  expect(hasDateDoubt(name, new Date("2025-11-20T12:00:00Z"), zone)).toBe(true);
  expect(hasDateDoubt(name, new Date("2026-11-20T12:00:00Z"), zone)).toBe(false);
});
