import { describe, expect, test } from "vitest";
import { normaliseNumber, numberColumns, numberTail, presentNumber } from "@/lib/recordings/customer-number";

describe("a number as people and phone systems write it", () => {
  test.each([
    ["(11) 98765-4321", "+5511987654321"],
    ["11 98765 4321", "+5511987654321"],
    ["11987654321", "+5511987654321"],
    ["+55 11 98765-4321", "+5511987654321"],
    ["5511987654321", "+5511987654321"],
    ["005511987654321", "+5511987654321"],
    ["00 55 (11) 98765-4321", "+5511987654321"],
    ["011987654321", "+5511987654321"],
    ["0 15 11 98765-4321", "+5511987654321"],
    ["(11) 8765-4321", "+551187654321"],
    ["(11) 3456-7890", "+551134567890"],
    ["0800 770 1234", "+558007701234"],
    ["+1 415 555 0123", "+14155550123"],
    ["+351 912 345 678", "+351912345678"],
  ])("%s", (written, e164) => expect(normaliseNumber(written)).toBe(e164));

  test.each(["", " ", "123", "anonymous", "+", "+55", "98765-43", "9".repeat(20), "()", "\0", "٠"])(
    "refuses %j",
    (written) => expect(normaliseNumber(written)).toBeNull(),
  );
});

describe("the tail of a number", () => {
  test.each([
    ["+5511987654321", "1187654321"],
    ["+551187654321", "1187654321"],
    ["+551134567890", "1134567890"],
  ])("%s", (e164, tail) => expect(numberTail(e164)).toBe(tail));
  test.each(["+14155550123", "+351912345678", "+55190", "+55118765432100"])("is missing for %s", (e164) =>
    expect(numberTail(e164)).toBeNull(),
  );
});

describe("the columns of a number", () => {
  test("hold the number encrypted, differently each time, with the same digests", () => {
    const [first, second] = [numberColumns("+5511987654321"), numberColumns("+5511987654321")];
    expect(first.customerNumberEncrypted!.equals(second.customerNumberEncrypted!)).toBe(false);
    expect(first.customerNumberIndex).toEqual(second.customerNumberIndex);
    expect(Buffer.concat(Object.values(first) as Buffer[]).toString("latin1")).not.toContain("98765");
    const old = numberColumns("+551187654321");
    expect(old.customerNumberIndex).not.toEqual(first.customerNumberIndex);
    expect(old.customerNumberTailIndex).toEqual(first.customerNumberTailIndex);
  });
  test("are empty for a withheld number; a foreign number has no tail", () => {
    expect(numberColumns(null)).toEqual({
      customerNumberEncrypted: null,
      customerNumberIndex: null,
      customerNumberTailIndex: null,
    });
    expect(numberColumns("+14155550123").customerNumberTailIndex).toBeNull();
  });
});

test.each([
  ["+5511987654321", "(11) 98765-4321", "(11) •••••-4321"],
  ["+551187654321", "(11) 8765-4321", "(11) ••••-4321"],
  ["+551134567890", "(11) 3456-7890", "(11) ••••-7890"],
  ["+14155550123", "+1 415 555 0123", "+• ••• ••• 0123"],
  ["+558007701234", "0800 770 1234", "•••• ••• 1234"],
])("%s is shown whole as %s, masked as %s", (e164, whole, masked) => {
  const { customerNumberEncrypted } = numberColumns(e164);
  expect(presentNumber(customerNumberEncrypted, true)).toBe(whole);
  expect(presentNumber(customerNumberEncrypted, false)).toBe(masked);
});

test("shows a missing number as missing", () => expect(presentNumber(null, true)).toBeNull());
