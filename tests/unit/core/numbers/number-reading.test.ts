import { describe, expect, test } from "vitest";
import { mobileTail } from "@/lib/core/numbers/brazilian-plan";
import type { Dialling } from "@/lib/core/numbers/dialled-digits";
import { lastFour, readNumber } from "@/lib/core/numbers/number-reading";

const read = (text: string, dialling?: Dialling) => {
  const reading = readNumber(text, dialling);
  return reading?.kind === "number" ? reading.e164 : (reading?.kind ?? null);
};

describe("a number that needs nothing of its unit", () => {
  test.each([
    ["(11) 98765-4321", "+5511987654321"],
    ["11 98765 4321", "+5511987654321"],
    ["+55 11 98765-4321", "+5511987654321"],
    ["+55 (0) 11 98765-4321", "+5511987654321"],
    ["5511987654321", "+5511987654321"],
    ["005511987654321", "+5511987654321"],
    ["00 55 (11) 98765-4321", "+5511987654321"],
    ["011987654321", "+5511987654321"],
    ["(11) 8765-4321", "+551187654321"],
    ["(11) 3456-7890", "+551134567890"],
    ["(11) 4000-1234 ramal 12", "+551140001234"],
    ["11940001234#", "+5511940001234"],
    ["#31#11940001234", "+5511940001234"],
    ["sip:+5511940001234@192.0.2.1", "+5511940001234"],
    ["sip:%2B5511940001234@192.0.2.1;user=phone", "+5511940001234"],
    ['"Central 3201" <sip:11940001234@192.0.2.1>', "+5511940001234"],
    ["tel:+55-11-94000-1234", "+5511940001234"],
    ["tel:940001234;phone-context=+5511", "+5511940001234"],
    ["0 15 11 98765-4321", "+5511987654321"],
    ["001511940001234", "+5511940001234"],
    ["911940001234", "+5511940001234"],
    ["90 15 11 94000-1234", "+5511940001234"],
    ["9011940001234", "+5511940001234"],
    ["5534111940001234", "+5511940001234"],
    ["553411140001234", "+551140001234"],
    ["0012125550100", "+12125550100"],
    ["00 21 44 121 234 5678", "+441212345678"],
    ["+1 415 555 0123", "+14155550123"],
    ["+351 912 345 678", "+351912345678"],
    ["0800 770 1234", "+558007701234"],
    ["0300 123 4567", "+553001234567"],
    ["4004-1234", "+5540041234"],
    ["5540041234", "+5540041234"],
    ["(11) 4004-1234", "+5540041234"],
    ["+55 55 3003-1234", "+5530031234"],
    ["(55) 3220-1234", "+555532201234"],
  ])("%s is %s", (text, e164) => expect(read(text)).toBe(e164));
});

describe("what is no number", () => {
  test.each(["anonymous", "Restricted", "Unavailable", "0000000000", "00", "266696687", "+55266696687"])(
    "%s is withheld",
    (text) => expect(read(text)).toBe("withheld"),
  );
  test.each(["anonymous@anonymous.invalid", '"Anonymous" <sip:anonymous@anonymous.invalid>', "Número privado"])(
    "%s is withheld",
    (text) => expect(read(text)).toBe("withheld"),
  );
  test.each(["3201", "+1001", "190", "10331", "Maria", "sip:maria@192.0.2.1", "sip:192.168.100.200", "+", "+55", "٠"])(
    "%s is not a number",
    (text) => expect(read(text)).toBe("not_a_number"),
  );
  test.each(["99999999999", "1111111111"])("%s is not a number", (text) => expect(read(text)).toBe("not_a_number"));
  test.each(["", "  "])("%j says nothing", (text) => expect(readNumber(text)).toBeNull());
});

describe("what may be a number, and cannot be read", () => {
  test.each([
    ["an area code that does not exist", "(20) 3456-7890"],
    ["the same, with country code", "+55 20 93456-7890"],
    ["a mobile number without area code", "940001234"],
    ["a collect call without area code", "9090940001234"],
    ["a foreign number without its prefix", "12125550100"],
    ["too many digits", "9".repeat(19) + "8"],
    ["a number among words", "Maria 11940001234"],
    ["a landline that begins with 1", "(11) 1456-7890"],
    ["a country that does not exist", "+210 12345678"],
  ])("%s: %s", (_, text) => expect(readNumber(text)).toEqual({ kind: "not_understood", written: text }));

  test("is kept up to 256 characters", () => {
    expect(readNumber(`12345678${"x".repeat(1000)}`)).toEqual({
      kind: "not_understood",
      written: `12345678${"x".repeat(248)}`,
    });
  });
});

describe("by the dialling of the unit", () => {
  test.each([
    ["940001234", "+5511940001234"],
    ["87654321", "+551187654321"],
    ["34567890", "+551134567890"],
    ["9090940001234", "+5511940001234"],
    ["9090 3456-7890", "+551134567890"],
    ["40041234", "+5540041234"],
    ["40001234", "+551140001234"],
    ["21940001234", "+5521940001234"],
  ])("%s in area 11 is %s", (text, e164) => expect(read(text, { areaCode: "11" })).toBe(e164));

  test("an area code is not put before an extension, or before a number that has one", () => {
    expect(read("3201", { areaCode: "11" })).toBe("not_a_number");
    expect(read("+5521940001234", { areaCode: "11" })).toBe("+5521940001234");
  });

  test.each([
    ["0", "021940001234", "+5521940001234"],
    ["0", "034567890", "+551134567890"],
    ["0", "001521940001234", "+5521940001234"],
    ["0", "00012125550100", "+12125550100"],
    ["9", "921940001234", "+5521940001234"],
    ["9", "9940001234", "not_understood"],
    ["9", "940001234", "not_understood"],
    ["8", "834567890", "+551134567890"],
    ["77", "7734567890", "not_understood"],
  ])("outbound, with outside prefix %s, %s is %s", (outsidePrefix, text, result) => {
    expect(read(text, { areaCode: "11", outsidePrefix, direction: "outbound" })).toBe(result);
  });

  test("inbound, the prefix is taken away only from what is no number with it", () => {
    const dialling = { areaCode: "11", outsidePrefix: "9", direction: "inbound" } as const;
    expect(read("940001234", dialling)).toBe("+5511940001234");
    expect(read("934567890", dialling)).toBe("+5511934567890");
    expect(read("911940001234", dialling)).toBe("+5511940001234");
  });
});

describe("the tail of a mobile number from before the ninth digit", () => {
  test.each([
    ["+5511987654321", "1187654321"],
    ["+551187654321", "1187654321"],
    ["+5511978654321", "1178654321"],
    ["+551178654321", "1178654321"],
  ])("%s", (e164, tail) => expect(mobileTail(e164)).toBe(tail));
  test.each(["+551140001234", "+5511940001234", "+551134567890", "+14155550123", "+5540041234", "+558007701234"])(
    "is missing for %s",
    (e164) => expect(mobileTail(e164)).toBeNull(),
  );
});

test.each([
  ["11940001234", "1234"],
  ["sip:940001234@192.0.2.1", "1234"],
  ["940001234#", "1234"],
])("the last four digits of %s are %s", (text, four) => expect(lastFour(readNumber(text)!)).toBe(four));
test.each(["anonymous", "3201"])("%s has no last four digits", (text) =>
  expect(lastFour(readNumber(text)!)).toBeNull(),
);
