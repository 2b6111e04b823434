import { describe, expect, it } from "vitest";
import { parseHiddenColumns, serializeHiddenColumns } from "@/components/table/column-preference";
import { listHref, parseSort, toggledSort } from "@/components/table/url-state";

describe("the address of a list", () => {
  it("changes one parameter, keeps the rest and starts again at the first page", () => {
    expect(listHref("/recordings", "unit=a&after=x&before=y", { agent: "Ana & Eva" })).toBe(
      "/recordings?unit=a&agent=Ana+%26+Eva",
    );
    expect(listHref("/recordings", new URLSearchParams("unit=a&sort=-x"), { unit: undefined })).toBe(
      "/recordings?sort=-x",
    );
  });

  it("has no question mark without parameters", () => {
    expect(listHref("/recordings", "unit=a", { unit: "" })).toBe("/recordings");
  });
});

describe("the order of a list", () => {
  it("is read from the address", () => {
    expect(parseSort("-startedAt")).toEqual({ key: "startedAt", descending: true });
    expect(parseSort("startedAt")).toEqual({ key: "startedAt", descending: false });
    expect(parseSort(undefined)).toBeUndefined();
  });

  it("starts with the newest and reverses at the second press", () => {
    expect(toggledSort(undefined, "startedAt")).toBe("-startedAt");
    expect(toggledSort(parseSort("-startedAt"), "startedAt")).toBe("startedAt");
    expect(toggledSort(parseSort("startedAt"), "startedAt")).toBe("-startedAt");
    expect(toggledSort(parseSort("-duration"), "startedAt")).toBe("-startedAt");
  });
});

describe("remembered columns", () => {
  it("are read as they were written", () => {
    expect(parseHiddenColumns(serializeHiddenColumns(["queue", "call-id"]))).toEqual(["queue", "call-id"]);
    expect(parseHiddenColumns(serializeHiddenColumns([]))).toEqual([]);
    expect(parseHiddenColumns(undefined)).toBeUndefined();
  });

  it("drop unknown columns and ignore a broken cookie", () => {
    expect(parseHiddenColumns("queue.<script>.a b")).toEqual(["queue"]);
    expect(parseHiddenColumns("%E0%A4%A")).toEqual([]);
  });
});
