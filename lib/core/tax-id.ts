/** `value`: digits and letters of a valid CPF or CNPJ; else what was written, up to 64 characters. */
export type TaxIdReading = { kind: "cpf" | "cnpj" | "not_understood"; value: string };

const longestKept = 64;

/**
 * Reads the CPF or CNPJ of a customer. What has no right check digits is kept as written. Null: nothing was written.
 * A CNPJ may have letters in its first 12 places (Receita Federal, IN RFB 2.229/2024).
 */
export function readTaxId(text: string): TaxIdReading | null {
  const written = text.trim();
  if (written === "") return null;
  const value = written.toUpperCase().replaceAll(/[\s./-]/g, "");
  if (/^\d{11}$/.test(value) && isVaried(value) && hasCheckDigits(value, 11)) return { kind: "cpf", value };
  if (/^[\dA-Z]{12}\d{2}$/.test(value) && isVaried(value) && hasCheckDigits(value, 9)) return { kind: "cnpj", value };
  return { kind: "not_understood", value: written.slice(0, longestKept) };
}

/** `00000000000` and the like have right check digits and are nobody's. */
const isVaried = (value: string) => new Set(value).size > 1;

/** Modulo 11, twice. Weights rise from 2, from right to left, and begin again after the highest. */
function hasCheckDigits(value: string, highestWeight: number): boolean {
  const checkDigit = (characters: string) => {
    const sum = [...characters].toReversed().reduce((total, character, index) => {
      // The value of a letter is its ASCII code less 48: "A" is 17.
      return total + (character.charCodeAt(0) - 48) * (2 + (index % (highestWeight - 1)));
    }, 0);
    return sum % 11 < 2 ? 0 : 11 - (sum % 11);
  };
  const body = value.slice(0, -2);
  const first = checkDigit(body);
  return value.endsWith(`${first}${checkDigit(`${body}${first}`)}`);
}

/** For display: "529.982.247-25", "12.ABC.345/01DE-35"; masked, only the check digits. */
export function presentTaxId({ kind, value }: TaxIdReading, whole: boolean): string | null {
  if (kind === "not_understood") return whole ? value : null;
  const shown = whole ? value : value.slice(0, -2).replaceAll(/./g, "•") + value.slice(-2);
  return kind === "cpf"
    ? shown.replace(/^(.{3})(.{3})(.{3})(.{2})$/, "$1.$2.$3-$4")
    : shown.replace(/^(.{2})(.{3})(.{3})(.{4})(.{2})$/, "$1.$2.$3/$4-$5");
}
