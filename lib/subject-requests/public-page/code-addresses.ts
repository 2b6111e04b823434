import { env } from "@/lib/core/env";
import { readNumber } from "@/lib/core/numbers/number-reading";
import type { MessageChannel } from "@/lib/notifications/templates/message-templates";
import { numberColumns, presentNumber } from "@/lib/recordings/customer-number";

/** A line or address that the person named, to which a code may go. */
export type CodeAddress = {
  /** The id of the identifier; `answer` for the address to which the person wants the answer. */
  target: string;
  /** E.164, or an e-mail address in small letters. */
  address: string;
  channels: readonly MessageChannel[];
};

/**
 * How a code may reach a number: SMS to mobile numbers, a call to them and to landlines. By default only in Brazil: a
 * message abroad may cost the company many times as much.
 */
export function channelsOfNumber(e164: string): readonly MessageChannel[] {
  const { PUBLIC_CODE_COUNTRIES: countries } = env();
  if (!countries.some((code) => e164.startsWith(`+${code}`))) return [];
  if (!e164.startsWith("+55")) return ["sms"];
  if (/^\+55\d{2}9\d{8}$/.test(e164)) return ["sms", "voice"];
  // Not 0800, 4004 and the like, which belong to companies, and no mobile number from before the ninth digit.
  return /^\+55\d{2}[2-5]\d{7}$/.test(e164) ? ["voice"] : [];
}

/** The address as its owner knows it, for whoever looks over the shoulder: "(11) •••••-4321", "m•••@example.com". */
export const maskedAddress = (address: string): string =>
  address.includes("@")
    ? address.replace(/^(.)[^@]*/, "$1•••")
    : presentNumber(numberColumns(readNumber(address)), false)!;

/** The addresses of a request to which codes may go, each once. */
export function codeAddresses(
  identifiers: readonly { id: string; number: string }[],
  answer: { channel: "email" | "phone" | "letter" | "counter"; address: string | null },
): CodeAddress[] {
  const named = identifiers.map(({ id, number }) => numberAddress(id, number));
  if (answer.address !== null && answer.channel === "phone") named.push(numberAddress("answer", answer.address));
  if (answer.address !== null && answer.channel === "email")
    named.push({ target: "answer", address: answer.address.trim().toLowerCase(), channels: ["email"] });
  const found = named.filter((address) => address !== null);
  return found.filter(({ address }, index) => found.findIndex((other) => other.address === address) === index);
}

function numberAddress(target: string, text: string): CodeAddress | null {
  const reading = readNumber(text);
  if (reading?.kind !== "number") return null;
  return { target, address: reading.e164, channels: channelsOfNumber(reading.e164) };
}
