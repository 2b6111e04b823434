import type { ControllerFacts } from "@/lib/access/controller/controller-facts";
import { mayBeLinked, type AccountFact, type OfficerAccount } from "@/lib/access/controller/officer-accounts";

/**
 * What a controller must still say: who it is (LGPD Art. 9 III and IV), who its encarregado is and how to reach that
 * person (Art. 41), the acts that appoint encarregado and substitute (Res. CD/ANPD 18/2024), or the channel of a small
 * agent (Res. CD/ANPD 2/2022).
 */
export type MissingFact =
  | "legalName"
  | "cnpj"
  | "address"
  | "contact"
  | "officerName"
  | "officerContact"
  | "officerAppointment"
  | "substituteName"
  | "substituteAppointment"
  | "channel"
  /** The linked account is not, or no longer, an active DPO's. */
  | "officerAccount"
  | "substituteAccount"
  /** The approver of requests is not, or no longer, an active administrator. */
  | "approverAccount";

/** Lists what is missing, in the order of the form. */
export function missingFacts(facts: ControllerFacts, accounts: readonly OfficerAccount[]): MissingFact[] {
  const isStale = (fact: AccountFact) =>
    facts[fact] !== null && !accounts.some((account) => account.id === facts[fact] && mayBeLinked(fact, account));
  const missing: [MissingFact, boolean][] = [
    ["legalName", facts.legalName === ""],
    ["cnpj", facts.cnpj === null],
    ["address", facts.address === null],
    ["contact", facts.email === null && facts.phone === null],
    ...(facts.smallAgent ? missingOfChannel(facts) : missingOfOfficers(facts)),
    ["officerAccount", isStale("officerUserId")],
    ["substituteAccount", isStale("substituteUserId")],
    ["approverAccount", isStale("approverUserId")],
  ];
  return missing.filter(([, isMissing]) => isMissing).map(([name]) => name);
}

const hasNoContact = ({ contactEmail, contactPhone }: ControllerFacts) =>
  contactEmail === null && contactPhone === null;

const missingOfChannel = (facts: ControllerFacts): [MissingFact, boolean][] => [["channel", hasNoContact(facts)]];

const missingOfOfficers = (facts: ControllerFacts): [MissingFact, boolean][] => [
  ["officerName", facts.officerName === null],
  ["officerContact", hasNoContact(facts)],
  ["officerAppointment", facts.officerAppointment === null || facts.officerAppointedOn === null],
  ["substituteName", facts.substituteName === null],
  ["substituteAppointment", facts.substituteAppointment === null || facts.substituteAppointedOn === null],
];
