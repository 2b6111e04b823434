import { expect, it } from "vitest";
import { channelsOfNumber, codeAddresses, maskedAddress } from "@/lib/subject-requests/public-page/code-addresses";

it.each([
  ["a mobile number", "+5511987654321", ["sms", "voice"]],
  ["a landline", "+551133334444", ["voice"]],
  ["0800", "+558001234567", []],
  ["4004", "+5540041234", []],
  ["a mobile number from before the ninth digit", "+551187654321", []],
  ["a number of Portugal", "+351912345678", []],
  ["a number of the United States", "+12125550123", []],
])("to %s codes go by %s", (_, e164, channels) => {
  expect(channelsOfNumber(e164)).toEqual(channels);
});

it("takes each line once, and the address of the answer", () => {
  const numbers = [
    { id: "1", number: "(11) 98765-4321" },
    { id: "2", number: "+55 11 98765 4321" },
    { id: "3", number: "11 3333 4444" },
    { id: "4", number: "perdi o número" },
  ];
  const found = codeAddresses(numbers, { channel: "email", address: "Maria@Example.com" });
  expect(found.map(({ target, address }) => [target, address])).toEqual([
    ["1", "+5511987654321"],
    ["3", "+551133334444"],
    ["answer", "maria@example.com"],
  ]);
  const phone = codeAddresses(numbers.slice(0, 1), { channel: "phone", address: "11987654321" });
  expect(phone.map(({ target }) => target)).toEqual(["1"]);
  expect(codeAddresses([], { channel: "letter", address: "Rua A, 1" })).toEqual([]);
  expect(codeAddresses([], { channel: "counter", address: null })).toEqual([]);
});

it("shows an address masked", () => {
  expect(maskedAddress("+5511987654321")).toBe("(11) •••••-4321");
  expect(maskedAddress("maria.souza@example.com")).toBe("m•••@example.com");
});
