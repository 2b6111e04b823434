import { severalLines, singleLine } from "@/lib/core/text-input";
import { z } from "zod";
import { defaultLimits, limitBounds } from "@/lib/access/sessions/session-limits";
import { brazilianTimeZones } from "@/lib/access/units/brazilian-time-zones";
import { emailInput } from "@/lib/access/users/user-input";
import { readNumber } from "@/lib/core/numbers/number-reading";
import { readTaxId } from "@/lib/core/tax-id";
import { calendarDay, today } from "@/lib/core/time";
import type { ControllerFacts, FactName } from "@/lib/access/controller/controller-facts";

/** An empty field is null. */
const orNone = <Value extends string>(value: z.ZodType<Value, string>) =>
  z
    .string()
    .nullish()
    .transform((text) => (text?.trim() ? text : null))
    .pipe(value.nullable());

/** One line: line breaks and repeated spaces become one space. */
const line = (most: number) =>
  z
    .string()
    .transform((text) => text.normalize("NFC").trim().replaceAll(/\s+/g, " "))
    .pipe(singleLine(most));

const phone = z.string().transform((text, context) => {
  const reading = readNumber(text);
  if (reading?.kind === "number") return reading.e164;
  context.addIssue({ code: "custom", message: "not_a_phone" });
  return z.NEVER;
});

const cnpj = z.string().transform((text, context) => {
  const reading = readTaxId(text);
  if (reading?.kind === "cnpj") return reading.value;
  context.addIssue({ code: "custom", message: "not_a_cnpj" });
  return z.NEVER;
});

const webPage = z
  .string()
  .trim()
  .max(500)
  .refine((text) => {
    const url = URL.parse(text);
    return url?.protocol === "https:" && url.username === "" && url.password === "";
  }, "needs_https");

const pastDay = z
  .string()
  .trim()
  .pipe(calendarDay)
  .refine((day) => day <= today(), "in_the_future");

/** A limit of sessions within its bounds. Without one the standard applies. */
const limit = (name: keyof typeof limitBounds) =>
  z.coerce.number().int().min(limitBounds[name].min).max(limitBounds[name].max).default(defaultLimits[name]);

/** The facts as a form sends them: empty fields are empty texts, a switch that is off is missing. */
export const controllerInput = {
  legalName: line(200),
  tradeName: orNone(line(200)),
  cnpj: orNone(cnpj),
  address: orNone(line(300)),
  email: orNone(emailInput),
  phone: orNone(phone),
  privacyNoticeUrl: orNone(webPage),
  deadlineTimeZone: z.enum(brazilianTimeZones).default("America/Sao_Paulo"),
  officerName: orNone(line(200)),
  officerFirm: orNone(line(200)),
  contactEmail: orNone(emailInput),
  contactPhone: orNone(phone),
  officerAppointment: orNone(line(200)),
  officerAppointedOn: orNone(pastDay),
  officerUserId: orNone(z.uuid()),
  substituteName: orNone(line(200)),
  substituteAppointment: orNone(line(200)),
  substituteAppointedOn: orNone(pastDay),
  substituteUserId: orNone(z.uuid()),
  approverUserId: orNone(z.uuid()),
  smallAgent: z
    .literal("true")
    .optional()
    .transform((sent) => sent !== undefined),
  smallAgentReason: orNone(severalLines(2000, 0)),
  idleMinutesPrivileged: limit("idleMinutesPrivileged"),
  idleMinutesOthers: limit("idleMinutesOthers"),
  maxSessions: limit("maxSessions"),
} satisfies Record<FactName, z.ZodType>;

type Checked = Pick<
  ControllerFacts,
  "officerName" | "officerUserId" | "substituteName" | "substituteUserId" | "smallAgent" | "smallAgentReason"
>;

/** Fields that depend on each other: a small agent needs a reason, and nobody substitutes for themselves. */
export function checkController(facts: Checked, context: z.RefinementCtx): void {
  const refuse = (path: FactName, message: string) => context.addIssue({ code: "custom", path: [path], message });
  if (facts.smallAgent && facts.smallAgentReason === null) refuse("smallAgentReason", "reason_required");
  if (facts.officerUserId !== null && facts.officerUserId === facts.substituteUserId)
    refuse("substituteUserId", "same_person");
  const name = facts.officerName?.toLocaleLowerCase("pt-BR");
  if (name !== undefined && name === facts.substituteName?.toLocaleLowerCase("pt-BR"))
    refuse("substituteName", "same_person");
}
