import { describe, expect, test } from "vitest";
import { z } from "zod";
import { idPage, idPageFields, pageFields, rowLimit } from "@/lib/core/page-input";
import { pick } from "@/lib/core/pick";
import { newId } from "@/lib/core/new-id";

describe("a row limit", () => {
  test("lies between 1 and the maximum, with a default", () => {
    expect([1, 100, undefined].map((limit) => rowLimit(100, 50).parse(limit))).toEqual([1, 100, 50]);
  });
  test.each([0, 101, 1.5, "5", null])("refuses %j", (limit) => {
    expect(rowLimit(100, 50).safeParse(limit).success).toBe(false);
  });
  test("is required without a default", () => {
    expect(rowLimit(1000).safeParse(undefined).success).toBe(false);
  });
});

describe("the input of a page", () => {
  test("accepts cursors of both directions", () => {
    const input = z.strictObject(pageFields(100, 20));
    expect(input.parse({ after: "x" })).toEqual({ after: "x", limit: 20 });
    expect(input.safeParse({ before: "x".repeat(201) }).success).toBe(false);
  });
  test("accepts the id of the previous page's last row, and nothing else", () => {
    const [input, cursor] = [z.strictObject(idPageFields(100, 20)), newId()];
    expect(input.parse({ cursor, limit: 5 })).toEqual({ cursor, limit: 5 });
    expect(input.safeParse({ cursor: "1" }).success).toBe(false);
  });
});

describe("a page by id", () => {
  const rows = [1, 2, 3].map((number) => ({ id: `id-${number}`, number }));
  test("names the last row when more follow", () => {
    expect(idPage(rows, 2, "id")).toEqual({ rows: rows.slice(0, 2), nextCursor: "id-2" });
  });
  test.each([3, 4])("has no next page for three rows with a limit of %i", (limit) => {
    expect(idPage(rows, limit, "id")).toEqual({ rows, nextCursor: null });
  });
  test("may be empty", () => expect(idPage([], 2, "id" as never)).toEqual({ rows: [], nextCursor: null }));
});

test("pick returns the named entries only, in their order", () => {
  expect(Object.entries(pick({ a: 1, b: null, c: "x" }, "c", "b"))).toEqual([
    ["c", "x"],
    ["b", null],
  ]);
});
