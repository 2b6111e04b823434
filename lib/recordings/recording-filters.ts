import { z } from "zod";
import { calendarDay } from "@/lib/core/time";
import { parseAgentNameToken } from "@/lib/recordings/agents/agent-name";
import {
  answers,
  callDirection,
  cardDataHandlings,
  numberKinds,
  recordingState,
  taxIdKinds,
} from "@/lib/db/schema/recording-words";

const seconds = z.coerce.number().int().min(0).max(86_400);

/** A SHA-256 in base64url. */
const referenceToken = z.string().regex(/^[\w-]{43}$/);

/** The filters of the recording list. Days are calendar days in the controller's time zone, both included. */
export const recordingFilters = z.object({
  from: calendarDay.optional(),
  to: calendarDay.optional(),
  unitId: z.uuid().optional(),
  queueId: z.uuid().optional(),
  agentId: z.uuid().optional(),
  direction: z.enum(callDirection.enumValues).optional(),
  /** The phone system's code for the kind of call; matches as a whole. */
  callKind: z
    .string()
    .trim()
    .toLowerCase()
    .regex(/^[a-z0-9][a-z0-9._-]{0,62}$/)
    .optional(),
  /** A token of `readSearch`: a number itself must never appear in a URL. */
  number: z.string().max(200).optional(),
  /** Calls of exactly that number, or candidates; never both in one list. */
  numberMatch: z.enum(["exact", "candidate"]).optional(),
  /** Tokens of `readSearch`, too. */
  protocol: referenceToken.optional(),
  customerReference: referenceToken.optional(),
  taxId: referenceToken.optional(),
  /** The token of an agent's name, of one digest for each word. */
  agentName: z
    .string()
    .max(600)
    .refine((token) => parseAgentNameToken(token).length > 0)
    .optional(),
  /** What the phone system gave as the customer's number. */
  numberKind: z.enum(numberKinds).optional(),
  /** What it gave as CPF or CNPJ. */
  taxIdKind: z.enum(taxIdKinds).optional(),
  /** Whether the caller was told of the recording; whether sensitive data is said; what was done with card data. */
  announcementPlayed: z.enum(answers).optional(),
  sensitiveContent: z.enum(answers).optional(),
  cardDataHandling: z.enum(cardDataHandlings).optional(),
  /** Only those that may have card data, or also these. Default: none of them. */
  quarantined: z.enum(["yes", "any"]).optional(),
  minSeconds: seconds.optional(),
  maxSeconds: seconds.optional(),
  state: z.enum(recordingState.enumValues).optional(),
  /** The range of days on which retention deletes the recording. */
  dueFrom: calendarDay.optional(),
  dueTo: calendarDay.optional(),
  /** The policy that gives its deletion date. */
  policyId: z.uuid().optional(),
  /** Whether the start of the call is doubtful, so that retention keeps the recording. */
  doubtfulDate: z.enum(["yes", "no"]).optional(),
  /** Whether every processing of it is suspended. */
  blocked: z.enum(["yes", "no"]).optional(),
  /** Whether a legal hold keeps the recording. */
  held: z.enum(["yes", "no"]).optional(),
});

export type RecordingFilters = z.output<typeof recordingFilters>;

export const recordingSorts = ["startedAt", "duration"] as const;
export type RecordingSort = { key: (typeof recordingSorts)[number]; descending: boolean };
