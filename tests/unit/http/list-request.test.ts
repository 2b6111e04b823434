import { describe, expect, test } from "vitest";
import { decodeCursor, encodeCursor, keysetPage } from "@/lib/core/keyset-cursor";
import { readListRequest } from "@/lib/http/recording-list-request";

const id = "01937d5c-7a10-7c3e-9a0b-6f2d4c1e8b55";

describe("the list's state in a URL", () => {
  test("is read completely", () => {
    expect(
      readListRequest({
        from: "2026-01-01",
        unitId: id,
        direction: "inbound",
        callKind: " Sale ",
        minSeconds: "30",
        sort: "-duration",
        after: "abc",
      }),
    ).toEqual({
      filters: { from: "2026-01-01", unitId: id, direction: "inbound", callKind: "sale", minSeconds: 30 },
      sort: { key: "duration", descending: true },
      after: "abc",
      before: undefined,
    });
  });
  test("omits invalid parameters", () => {
    expect(
      readListRequest({
        from: "01/02/2026",
        to: ["a", "b"],
        unitId: "x",
        direction: "up",
        callKind: "Fulano de Tal",
        minSeconds: "-1",
        maxSeconds: "1e9",
        state: "",
        sort: "number; drop",
        other: "1",
      }),
    ).toEqual({
      filters: {},
      sort: { key: "startedAt", descending: true },
      after: undefined,
      before: undefined,
    });
  });
  test("sorts upwards without the minus", () =>
    expect(readListRequest({ sort: "duration" }).sort).toEqual({ key: "duration", descending: false }));
});

describe("a cursor", () => {
  test.each([
    ["instant", "2026-01-01T00:00:00.000Z"],
    ["integer", "0"],
    ["integer", "2147483647"],
  ] as const)("of an %s is read as it was written: %s", (kind, value) => {
    expect(decodeCursor(encodeCursor({ value, id }), kind)).toEqual({ value, id });
  });
  test.each([
    "",
    "x",
    encodeCursor({ value: "2026-02-30T00:00:00.000Z", id }),
    encodeCursor({ value: "+010000-01-01T00:00:00.000Z", id }),
    encodeCursor({ value: "2026-01-01T00:00:00.000Z", id: id.slice(1) }),
    encodeCursor({ value: "1", id }),
  ])("is refused when it is %s", (text) => {
    expect(() => decodeCursor(text)).toThrow(expect.objectContaining({ code: "invalid_input" }));
  });
});

describe("a page", () => {
  const rows = (...values: number[]) => values.map((value) => ({ value }));
  const page = (read: { value: number }[], request: { after?: string; before?: string }) => {
    const {
      rows: kept,
      before,
      after,
    } = keysetPage(read, { ...request, limit: 2 }, ({ value }) => ({ value: String(value), id }));
    return [kept.map(({ value }) => value), before !== null, after !== null];
  };
  test.each<[string, { value: number }[], { after?: string; before?: string }, unknown]>([
    ["the only one", rows(1, 2), {}, [[1, 2], false, false]],
    ["the first", rows(1, 2, 3), {}, [[1, 2], false, true]],
    ["one in the middle", rows(3, 4, 5), { after: "x" }, [[3, 4], true, true]],
    ["the last", rows(5), { after: "x" }, [[5], true, false]],
    ["one read backwards", rows(4, 3, 2), { before: "x" }, [[3, 4], true, true]],
    ["the first, read backwards", rows(2, 1), { before: "x" }, [[1, 2], false, true]],
    ["none", [], { after: "x" }, [[], false, false]],
  ])("%s", (_, read, request, expected) => expect(page(read, request)).toEqual(expected));
});
