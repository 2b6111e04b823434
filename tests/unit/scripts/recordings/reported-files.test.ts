import { expect, test } from "vitest";
import { ReportedFiles } from "@/scripts/recordings/spool/reported-files";

test("a file is reported once, also with another text", () => {
  const reported = new ReportedFiles();
  expect(reported.has("a")).toBe(false);
  expect(reported.add("a")).toBe(true);
  expect(reported.add("a")).toBe(false);
  expect(reported.has("a")).toBe(true);
  expect(reported.add("a", "settling")).toBe(true);
  expect(reported.has("b")).toBe(false);
});

test("at least the last 250,000 files are remembered, and what is older is forgotten", () => {
  const reported = new ReportedFiles();
  for (let index = 0; index < 500_001; index += 1) reported.add(String(index));
  for (const known of [250_000, 400_000, 500_000]) expect(reported.has(String(known))).toBe(true);
  expect(reported.has("1")).toBe(false);
});
