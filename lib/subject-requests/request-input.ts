import { severalLines, singleLine } from "@/lib/core/text-input";
import { z } from "zod";
import { calendarDay, instantOf, localDateTime } from "@/lib/core/time";
import {
  answerChannels,
  answerForms,
  identifierKinds,
  requestChannels,
  requesters,
  requestRights,
} from "@/lib/db/schema/subject-request-words";
import { locales } from "@/lib/i18n/locales";

/** An empty field of a form is none. */
export const text = (longest: number) =>
  (longest < 500 ? singleLine(longest, 0) : severalLines(longest, 0))
    .optional()
    .transform((value) => value || undefined);

const identifier = z.strictObject({ kind: z.enum(identifierKinds), value: singleLine(256) });

const byHand = z.enum(requestChannels).exclude(["web"]);
const authorities: readonly string[] = ["procon", "anpd_order"];

/** The LGPD has been in force since this day. */
const firstDay = "2020-09-18";

/** What a person says of the request, on paper or on the public page. */
export const personFields = {
  rights: z
    .array(z.enum(requestRights))
    .min(1)
    .refine((list) => new Set(list).size === list.length, "repeated"),
  requester: z.enum(requesters),
  subjectName: text(200),
  requesterName: text(200),
  periodFrom: calendarDay.optional(),
  periodTo: calendarDay.optional(),
  words: text(10_000),
  answerChannel: z.enum(answerChannels),
  answerForm: z.enum(answerForms),
  answerAddress: text(500),
  answerLocale: z.enum(locales),
};

const person = z.object(personFields);

export type PersonFields = z.output<typeof person>;

const fields = z.strictObject({
  ...personFields,
  /** The key of the form: a form that is sent twice registers one request. */
  requestId: z.uuid(),
  channel: byHand,
  /** Without an offset: a time in the controller's zone. */
  receivedAt: z.iso.datetime({ offset: true, local: true }),
  identifiers: z.array(identifier).max(50).default([]),
  authorityReference: text(100),
  orderedDueOn: calendarDay.optional(),
});

export type RequestFields = z.output<typeof fields>;

/** Which fields need, or exclude, each other: the path of the field to correct, and why. */
type Rule<Input> = [path: string, reason: string, holds: (input: Input) => boolean];

export const personRules: Rule<PersonFields>[] = [
  ["requesterName", "required", (input) => input.requester === "data_subject" || Boolean(input.requesterName)],
  ["answerAddress", "required", (input) => input.answerChannel === "counter" || Boolean(input.answerAddress)],
  ["periodTo", "before_start", ({ periodFrom: from, periodTo: to }) => !from || !to || from <= to],
];

const rules: Rule<RequestFields>[] = [
  ["subjectName", "required", (input) => Boolean(input.subjectName) || input.identifiers.length > 0],
  ...personRules,
  ["authorityReference", "required", (input) => input.channel !== "anpd_order" || Boolean(input.authorityReference)],
  ["orderedDueOn", "authority_only", (input) => !input.orderedDueOn || authorities.includes(input.channel)],
];

/** What the DPO registers of a request that came by phone, letter, e-mail, at the counter, or from an authority. */
export const requestInput = fields.superRefine((input, problems) => {
  for (const [path, message, holds] of rules)
    if (!holds(input)) problems.addIssue({ code: "custom", path: [path], message });
});

/**
 * When the request was received. Null if that is in the future, or before the LGPD.
 * @param timeZone of the controller.
 */
export function receiptOf({ receivedAt }: RequestFields, timeZone: string, now: Date): Date | null {
  const instant = instantOf(receivedAt, timeZone);
  return instant > now || localDateTime(instant, timeZone) < firstDay ? null : instant;
}
