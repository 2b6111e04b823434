import type { RequestRight, Requester } from "@/lib/db/schema/subject-request-words";

/**
 * How sure the portal is of who asks. 0: not at all; 1: a code sent to the line or address that was recorded; 2: the
 * code, and facts of the call; 3: a qualified or advanced signature, or in person; 4: a representative with a mandate.
 */
export type IdentityLevel = 0 | 1 | 2 | 3 | 4;

export type RightClock = {
  /** Calendar days from receipt. 0: at once, until the end of the day of receipt. */
  days: number;
  /** Days of a small agent (Resolution CD/ANPD 2/2022), where the resolution gives others. */
  smallAgentDays?: number;
  /** `law`: no company may take longer. `practice`: no norm fixes it yet, and the company may set another. */
  kind: "law" | "practice";
  /** The norm or practice that the days come from, in the language of the norms. */
  source: string;
};

export type Right = {
  /** The norm that gives the right, in the language of the norms. */
  article: string;
  /** Who may ask. A request of others is registered too, and decided by counsel. */
  requesters: readonly Requester[];
  /** Identity of the person recorded that the right requires before anything of it is revealed or done. */
  level: IdentityLevel;
  clock: RightClock;
  /** Only for services that the federal Executive regulates (Decree 11.034/2022, Art. 1). */
  regulatedServicesOnly?: true;
};

const livingPerson = ["data_subject", "legal_representative", "attorney", "parent"] as const;

/** The LGPD does not mention the dead: heirs may ask for what the company keeps, and counsel decides. */
const anyRequester = [...livingPerson, "heir"] as const;

const smallAgents = "Resolução CD/ANPD 2/2022, art. 14";

/** The regulation that Art. 18, § 5 leaves the deadlines to is not published. */
const practice = (days: number): RightClock => ({
  days,
  kind: "practice",
  source: "Prática do mercado; LGPD, art. 18, § 5º, sem regulamento da ANPD",
});

const atOnceByLaw: RightClock = {
  days: 0,
  smallAgentDays: 15,
  kind: "law",
  source: `LGPD, art. 19, I; ${smallAgents}`,
};

/** Every right that a person may ask for, in the order of the forms. Names and explanations are messages. */
export const rights = {
  confirmation: {
    article: "LGPD, art. 18, I; art. 19, I",
    requesters: anyRequester,
    level: 1,
    clock: atOnceByLaw,
  },
  /** Level 2: a number that changed hands must not show its owner the calls of the person before. */
  simplified_access: {
    article: "LGPD, art. 18, II; art. 19, I",
    requesters: anyRequester,
    level: 2,
    clock: atOnceByLaw,
  },
  full_declaration: {
    article: "LGPD, art. 18, II; art. 19, II",
    requesters: anyRequester,
    level: 2,
    clock: { days: 15, smallAgentDays: 30, kind: "law", source: `LGPD, art. 19, II; ${smallAgents}` },
  },
  electronic_copy: {
    article: "LGPD, art. 19, § 3º",
    requesters: anyRequester,
    level: 2,
    clock: practice(15),
  },
  sac_recording: {
    article: "Decreto 11.034/2022, art. 12, § 4º",
    requesters: anyRequester,
    level: 2,
    regulatedServicesOnly: true,
    // The decree gives the copy no deadline of its own; seven days are those of the answer to a demand.
    clock: { days: 7, kind: "practice", source: "Decreto 11.034/2022, art. 13, por analogia" },
  },
  sac_history: {
    article: "Decreto 11.034/2022, art. 12, § 2º",
    requesters: anyRequester,
    level: 2,
    regulatedServicesOnly: true,
    clock: { days: 5, kind: "law", source: "Decreto 11.034/2022, art. 12, § 2º" },
  },
  correction: {
    article: "LGPD, art. 18, III",
    requesters: livingPerson,
    level: 2,
    clock: practice(15),
  },
  /** Anonymisation, blocking or deletion of unnecessary, excessive or unlawful data, whatever the legal basis. */
  unnecessary_data: {
    article: "LGPD, art. 18, IV",
    requesters: livingPerson,
    level: 2,
    clock: practice(15),
  },
  portability: {
    article: "LGPD, art. 18, V",
    requesters: livingPerson,
    level: 2,
    clock: practice(15),
  },
  /** Deletion of what is processed on consent. */
  deletion: {
    article: "LGPD, art. 18, VI; art. 16",
    requesters: livingPerson,
    level: 2,
    clock: practice(15),
  },
  sharing_information: {
    article: "LGPD, art. 18, VII",
    requesters: livingPerson,
    level: 2,
    clock: practice(15),
  },
  /** A standard text for each purpose, which reveals nothing of the person. */
  consent_information: {
    article: "LGPD, art. 18, VIII",
    requesters: livingPerson,
    level: 0,
    clock: practice(0),
  },
  consent_withdrawal: {
    article: "LGPD, art. 18, IX; art. 8º, § 5º",
    requesters: livingPerson,
    level: 1,
    clock: practice(0),
  },
  objection: {
    article: "LGPD, art. 18, § 2º",
    requesters: livingPerson,
    level: 1,
    clock: practice(15),
  },
  automated_review: {
    article: "LGPD, art. 20",
    requesters: livingPerson,
    level: 2,
    clock: practice(15),
  },
} as const satisfies Record<RequestRight, Right>;

export const rightCodes = Object.keys(rights) as [RequestRight, ...RequestRight[]];

export const rightOf = (code: RequestRight): Right => rights[code];

/** The identity level that a request must reach: who asks for another person shows a mandate (level 4). */
export function requiredLevel(code: RequestRight, requester: Requester): IdentityLevel {
  const { level } = rightOf(code);
  return level === 0 || requester === "data_subject" ? level : 4;
}
