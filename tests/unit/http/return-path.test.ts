import { describe, expect, test } from "vitest";
import { returnPath, signInAddress } from "@/lib/http/return-path";

describe("the page to return to", () => {
  test.each([
    "/recordings",
    "/recordings?state=stored&unitId=0190a0b0-0000-7000-8000-000000000000&after=abc%2Bd",
    "/recordings/0190a0b0-0000-7000-8000-000000000000?at=61",
    "/settings/controller",
  ])("%s", (path) => {
    expect(returnPath(path)).toBe(path);
  });

  test("without fragment and Next's own parameter", () => {
    expect(returnPath("/recordings?state=stored&_rsc=1a2b#top")).toBe("/recordings?state=stored");
  });

  test.each([
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\/evil.example",
    "/\t/evil.example",
    "/%2Fevil.example",
    "/%2f%2fevil.example",
    "/%5Cevil.example",
    "/%5c%5cevil.example",
    "/%255Cevil.example",
    "/%25252Fevil.example",
    "/.//evil.example",
    "/..//evil.example",
    "/%2e%2e//evil.example",
    "/%09/evil.example",
    "/%E0%A4%A",
    "https://evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "evil.example",
    "@evil.example",
    " /recordings",
    "",
    "/api/audit-log/export",
    "/sign-in?next=%2Frecordings",
    `/${"a".repeat(2001)}`,
    null,
    undefined,
    ["/recordings", "/users"],
  ])("is the start page for %j", (sent) => {
    expect(returnPath(sent)).toBe("/");
  });

  test("is one parameter of the sign-in page", () => {
    expect(signInAddress("/recordings?state=stored&text=a b")).toBe(
      "/sign-in?next=%2Frecordings%3Fstate%3Dstored%26text%3Da%2520b",
    );
    expect(signInAddress("/")).toBe("/sign-in");
    expect(signInAddress("//evil.example")).toBe("/sign-in");
    expect(signInAddress(null)).toBe("/sign-in");
  });
});
