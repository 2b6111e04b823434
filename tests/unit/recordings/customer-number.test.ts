import { describe, expect, test } from "vitest";
import { numberColumns, presentNumber } from "@/lib/recordings/customer-number";
import { readNumber } from "@/lib/core/numbers/number-reading";

const columnsOf = (text: string) => numberColumns(readNumber(text));

describe("the columns of a number", () => {
  test("hold the number encrypted, differently each time, with the same digests", () => {
    const [first, second] = [columnsOf("+5511987654321"), columnsOf("+5511987654321")];
    expect(first.customerNumberEncrypted!.equals(second.customerNumberEncrypted!)).toBe(false);
    expect(first.customerNumberIndex).toEqual(second.customerNumberIndex);
    expect(JSON.stringify(first)).not.toContain("98765");
    const old = columnsOf("+551187654321");
    expect(old.customerNumberIndex).not.toEqual(first.customerNumberIndex);
    expect(old.customerNumberTailIndex).toEqual(first.customerNumberTailIndex);
    expect(old.numberLastFourIndex).toEqual(first.numberLastFourIndex);
  });

  test("a landline and a mobile number have no digest in common", () => {
    const [landline, mobile] = [columnsOf("1140001234"), columnsOf("11940001234")];
    expect(landline.customerNumberIndex).not.toEqual(mobile.customerNumberIndex);
    expect([landline.customerNumberTailIndex, mobile.customerNumberTailIndex]).toEqual([null, null]);
    expect(columnsOf("+14155550123").customerNumberTailIndex).toBeNull();
  });

  test.each([
    ["anonymous", "withheld"],
    ["3201", "not_a_number"],
    ["Maria", "not_a_number"],
  ])("of %s have no search key, only what was written", (text, numberKind) => {
    const { customerNumberEncrypted, ...columns } = columnsOf(text);
    expect(columns).toEqual({
      ...{ numberKind, numberVersion: 3, customerNumberIndex: null, customerNumberTailIndex: null },
      numberLastFourIndex: null,
    });
    expect(presentNumber({ customerNumberEncrypted, numberKind: columns.numberKind }, true)).toBe(text);
    expect(presentNumber({ customerNumberEncrypted, numberKind: columns.numberKind }, false)).toBeNull();
  });

  test("of what was not understood have its last four digits only", () => {
    const columns = columnsOf("940001234#");
    expect(columns).toMatchObject({
      numberKind: "not_understood",
      customerNumberIndex: null,
      customerNumberTailIndex: null,
    });
    expect(columns.numberLastFourIndex).toEqual(columnsOf("11 94000-1234").numberLastFourIndex);
    expect(columns.numberLastFourIndex).not.toEqual(columnsOf("11 94000-1235").numberLastFourIndex);
    expect(presentNumber(columns, true)).toBe("940001234#");
    expect(presentNumber(columns, false)).toBe("•••••1234");
  });

  test("are empty if nothing was given", () => {
    for (const nothing of [null, readNumber(""), readNumber("  ")])
      expect(numberColumns(nothing)).toEqual({
        ...{ numberKind: null, numberVersion: 3, customerNumberEncrypted: null, customerNumberIndex: null },
        ...{ customerNumberTailIndex: null, numberLastFourIndex: null },
      });
  });
});

test.each([
  ["+5511987654321", "(11) 98765-4321", "(11) •••••-4321"],
  ["+551187654321", "(11) 8765-4321", "(11) ••••-4321"],
  ["+551134567890", "(11) 3456-7890", "(11) ••••-7890"],
  ["+14155550123", "+1 415 555 0123", "+• ••• ••• 0123"],
  ["+558007701234", "0800 770 1234", "•••• ••• 1234"],
  ["+5540041234", "4004-1234", "••••-1234"],
])("%s is shown whole as %s, masked as %s", (e164, whole, masked) => {
  const columns = columnsOf(e164);
  expect(presentNumber(columns, true)).toBe(whole);
  expect(presentNumber(columns, false)).toBe(masked);
});

test("shows a missing number as missing", () => expect(presentNumber(numberColumns(null), true)).toBeNull());
