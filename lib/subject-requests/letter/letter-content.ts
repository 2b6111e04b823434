import { z } from "zod";
import { calendarDay } from "@/lib/core/time";
import {
  answerChannels,
  audioForms,
  decisionMeasures,
  identityMethods,
  processOutcomes,
  requestChannels,
  requesters,
  requestRights,
  sharerMeasures,
  type DecisionMeasure,
} from "@/lib/db/schema/subject-request-words";
import { playbackPurpose } from "@/lib/db/schema/playback";
import { locales } from "@/lib/i18n/locales";
import { refusalCodes } from "@/lib/subject-requests/refusals";

const moment = z.iso.datetime({ offset: true });
const text = (longest: number) => z.string().trim().min(1).max(longest);
const timeZone = z.enum(Intl.supportedValuesOf("timeZone"));

export const deliveryFormats = ["letter", "csv", "json", "audio", "vcon", "manifest"] as const;

const decision = z.strictObject({
  /** The number that the recording has in this letter. Null: the right as a whole. */
  recording: z.int().positive().nullable(),
  measure: z.enum(decisionMeasures),
  audioForm: z.enum(audioForms).nullable().default(null),
  ground: z.enum(refusalCodes).nullable().default(null),
  /** The fact that the ground rests on, in the DPO's words; with `inform`, the answer. */
  fact: text(10_000).nullable().default(null),
  /** The last day that it is kept, inclusive. */
  keptUntil: calendarDay.nullable().default(null),
  doneAt: moment.nullable().default(null),
  /** A hold or a legal minimum that was not known then keeps it: it is done once nothing keeps the recording. */
  isStopped: z.boolean().default(false),
  /** With `keep`: when the recording was deleted for another reason. */
  goneAt: moment.nullable().default(null),
  /** With `keep`: whether it is being deleted for another reason. */
  isGoing: z.boolean().default(false),
  /** With `block`: whether it was lifted since. */
  isLifted: z.boolean().default(false),
});

const right = z.strictObject({
  right: z.enum(requestRights),
  outcome: z.enum(processOutcomes),
  /** With `scheduled`: the last day of what keeps the data, inclusive. Null: no day is known. */
  scheduledFor: calendarDay.nullable().default(null),
  /** The last day of its clock, inclusive, and the norm or practice that the clock comes from. */
  deadline: z
    .strictObject({ until: calendarDay, source: text(300) })
    .nullable()
    .default(null),
  decisions: z.array(decision).max(100_000),
});

/** One recording without anything that leads to it: an own number in the letter, and what the person may know of it. */
const recording = z.strictObject({
  number: z.int().positive(),
  /** Null: the person is not told. */
  startedAt: moment.nullable(),
  /** Zone of the unit. */
  timeZone,
  /** What the person is told of its data. Null: the letter does not say it. */
  data: z
    .strictObject({
      direction: z.enum(["inbound", "outbound", "internal"]).nullable(),
      durationSeconds: z.number().nonnegative().nullable(),
      purpose: text(1000).nullable(),
      /** Code of the policy: "art7_ii". */
      legalBasis: z
        .string()
        .regex(/^art\d+_[ivx]+(_[a-z])?$/)
        .nullable(),
      retainedUntil: calendarDay.nullable(),
    })
    .nullable()
    .default(null),
});

const fields = z.strictObject({
  locale: z.enum(locales),
  number: text(40),
  protocol: z.string().regex(/^\d{15}$/),
  issuedAt: moment,
  /** Zone of the controller. */
  timeZone,
  controller: z.strictObject({ name: text(200), cnpj: text(20).nullable(), address: text(300).nullable() }),
  /** The encarregado, or the channel of a small agent, which has no name. */
  officer: z.strictObject({ name: text(200).nullable(), email: text(320).nullable(), phone: text(30).nullable() }),
  request: z.strictObject({
    receivedAt: moment,
    channel: z.enum(requestChannels),
    words: text(10_000).nullable(),
    /** The number of the order or case at the authority. */
    reference: text(100).nullable().default(null),
  }),
  requester: z.strictObject({
    capacity: z.enum(requesters),
    name: text(200).nullable(),
    subjectName: text(200).nullable(),
  }),
  /** How it was proved who asks. Never the number of a document. `isProved`: for one of these rights at least. */
  identity: z.strictObject({ isProved: z.boolean(), methods: z.array(z.enum(identityMethods)) }),
  rights: z.array(right).min(1),
  /**
   * How many recordings count as the person's, with the days of the first and the last call where the person may know
   * them. Null: nothing was searched for what this letter answers.
   */
  found: z
    .strictObject({ count: z.int().nonnegative(), from: calendarDay.nullable(), to: calendarDay.nullable() })
    .nullable(),
  /** Those of which the letter says something. */
  recordings: z.array(recording).max(100_000),
  /** Where and until when what is delivered can be collected. Null: this letter is all there is. */
  delivery: z
    .strictObject({
      formats: z.array(z.enum(deliveryFormats)).min(1),
      channel: z.enum(answerChannels),
      /** The last day, inclusive. Null: it was sent or handed over. */
      collectUntil: calendarDay.nullable(),
    })
    .nullable(),
  /** Who received recordings, and what they were told. `reason`: why one was not told. */
  sharers: z.array(
    z.strictObject({
      name: text(300),
      measure: z.enum(sharerMeasures),
      notifiedAt: moment.nullable(),
      reason: text(2000).nullable(),
    }),
  ),
  /**
   * To whom recordings went, where the person asked for a full declaration (LGPD Art. 19, II) and gets one. Null: the
   * letter does not say it.
   */
  sharing: z
    .strictObject({
      recipients: z.array(text(300)),
      downloads: z.array(z.strictObject({ purpose: z.enum(playbackPurpose.enumValues), count: z.int().positive() })),
    })
    .nullable()
    .default(null),
  /** Whether somebody of the company, who downloaded recordings, did not say yet to whom they gave them. */
  isAskingSharers: z.boolean().default(false),
  /** Days for which backups are kept (`DATABASE_BACKUP_DAYS`). */
  backupDays: z.int().nonnegative(),
  /** Numbers of the deletion certificates. */
  certificates: z.array(text(60)).default([]),
});

/** All that a letter says, as data. It names people: it is kept encrypted. */
export const letterContent = fields.superRefine((content, problems) => {
  const refuse = (path: string, message: string) => problems.addIssue({ code: "custom", path: [path], message });
  const numbers = new Set(content.recordings.map(({ number }) => number));
  if (numbers.size !== content.recordings.length) refuse("recordings", "repeated");
  const decisions = content.rights.flatMap((answered) => answered.decisions);
  if (decisions.some(({ recording: of }) => of !== null && !numbers.has(of))) refuse("rights", "unknown_recording");
  // Nothing that lies in custody is revealed to somebody who did not prove who they are.
  if (!content.identity.isProved && (numbers.size > 0 || content.found !== null))
    refuse("recordings", "identity_not_proved");
  if (numbers.size > (content.found?.count ?? 0)) refuse("recordings", "more_than_found");
  if (decisions.some(({ measure, ground, fact }) => needsGround(measure) && (ground === null || fact === null)))
    refuse("rights", "ground_required");
});

/** What is not granted is explained (LGPD Art. 18, § 4, II). */
const needsGround = (measure: DecisionMeasure) => measure === "withhold" || measure === "keep";

/** As a caller gives it. */
export type LetterContent = z.input<typeof letterContent>;

/** As the writer reads it. */
export type CheckedContent = z.output<typeof letterContent>;

export type LetterRight = CheckedContent["rights"][number];

export type LetterDecision = LetterRight["decisions"][number];
