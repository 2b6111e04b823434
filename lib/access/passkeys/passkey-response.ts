import { z } from "zod";
import { AppError } from "@/lib/core/errors";

const longestJson = 32_000;

/** Of bytes: base64url without padding (WebAuthn Level 3, § 5.1). */
const bytes = (longest: number) =>
  z
    .string()
    .regex(/^[\w-]+$/)
    .max(longest);

/** The transports that browsers name; others are left out. */
const transports = z
  .array(z.string().max(40))
  .max(20)
  .default([])
  .transform((named) =>
    [...new Set(named)].filter((name) => /^(usb|nfc|ble|smart-card|hybrid|internal|cable)$/.test(name)),
  );

/** A credential id has at most 1023 bytes. */
const credential = { id: bytes(1364), rawId: bytes(1364), type: z.literal("public-key") };

const registration = z.object({
  ...credential,
  response: z.object({ clientDataJSON: bytes(8000), attestationObject: bytes(16_000), transports }),
});

const assertion = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: bytes(8000),
    authenticatorData: bytes(8000),
    signature: bytes(4000),
    userHandle: bytes(86).nullish(),
  }),
});

const clientData = z.object({ challenge: bytes(200), crossOrigin: z.boolean().optional() });

/** What the browser answered, as JSON. @throws AppError `malformed_request`: it has another shape or length. */
function answerOf<Schema extends z.ZodType<{ response: { clientDataJSON: string } }>>(schema: Schema) {
  return z.string().transform((sent): z.output<Schema> & { challenge: string } => {
    const answer = schema.safeParse(jsonOf(sent));
    const text = answer.success ? Buffer.from(answer.data.response.clientDataJSON, "base64url").toString("utf8") : "";
    const data = clientData.safeParse(jsonOf(text));
    if (!answer.success || !data.success) throw new AppError("malformed_request", "the answer of a passkey");
    // No page of another site frames the portal: such an answer fits no challenge.
    return { ...answer.data, challenge: data.data.crossOrigin ? "" : data.data.challenge };
  });
}

function jsonOf(sent: string): unknown {
  if (sent.length > longestJson) return undefined;
  try {
    return JSON.parse(sent);
  } catch {
    return undefined;
  }
}

/** The answer to `navigator.credentials.create`, as JSON, with the challenge that it signed. */
export const passkeyRegistration = answerOf(registration);

/** The answer to `navigator.credentials.get`, as JSON, with the challenge that it signed. */
export const passkeyAssertion = answerOf(assertion);

export type PasskeyRegistration = z.output<typeof passkeyRegistration>;
export type PasskeyAssertion = z.output<typeof passkeyAssertion>;

/** The user handle: the bytes of the person's id, which says nothing about them. */
export const userHandle = (userId: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(Buffer.from(userId.replaceAll("-", ""), "hex"));
