import { describe, expect, test } from "vitest";
import { presentTaxId, readTaxId } from "@/lib/core/tax-id";

describe("reads", () => {
  test.each([
    ["529.982.247-25", "cpf", "52998224725"],
    [" 52998224725 ", "cpf", "52998224725"],
    ["012.345.678-90", "cpf", "01234567890"],
    ["11.222.333/0001-81", "cnpj", "11222333000181"],
    ["00.000.000/0001-91", "cnpj", "00000000000191"],
    // The example of Receita Federal for IN RFB 2.229/2024.
    ["12.ABC.345/01DE-35", "cnpj", "12ABC34501DE35"],
    ["12abc34501de35", "cnpj", "12ABC34501DE35"],
  ])("%s as %s", (text, kind, value) => expect(readTaxId(text)).toEqual({ kind, value }));
});

describe("keeps as written", () => {
  test.each([
    ["a wrong first check digit", "529.982.247-35"],
    ["a wrong second check digit", "529.982.247-26"],
    ["two digits that changed places", "259.982.247-25"],
    ["one digit eleven times", "111.111.111-11"],
    ["zeros", "00.000.000/0000-00"],
    ["a CNPJ with letters and a wrong check digit", "12.ABC.345/01DE-36"],
    ["letters as check digits", "12.ABC.345/01DE-3A"],
    ["letters in a CPF", "A29.982.247-25"],
    ["too few digits", "2998224725"],
    ["a word", "não informado"],
  ])("%s", (_, text) => expect(readTaxId(text)).toEqual({ kind: "not_understood", value: text }));

  test("at most 64 characters; nothing written is nothing", () => {
    expect(readTaxId("9".repeat(3000))).toEqual({ kind: "not_understood", value: "9".repeat(64) });
    expect(readTaxId("  ")).toBeNull();
  });
});

test("shows the whole, or the check digits alone", () => {
  const [cpf, cnpj] = [readTaxId("52998224725")!, readTaxId("12abc34501de35")!];
  expect([presentTaxId(cpf, true), presentTaxId(cpf, false)]).toEqual(["529.982.247-25", "•••.•••.•••-25"]);
  expect([presentTaxId(cnpj, true), presentTaxId(cnpj, false)]).toEqual(["12.ABC.345/01DE-35", "••.•••.•••/••••-35"]);
  const odd = readTaxId("529")!;
  expect([presentTaxId(odd, true), presentTaxId(odd, false)]).toEqual(["529", null]);
});
