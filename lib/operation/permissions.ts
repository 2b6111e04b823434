import { principalOf, type Actor, type Principal } from "@/lib/operation/actor";

const everyone = ["admin", "supervisor", "dpo", "auditor"] as const;

/**
 * The only table of permissions: who may do what. There is no default and no wildcard; an operation
 * that names no permission of this table does not compile.
 */
export const permissions = {
  "session:start": ["anonymous", ...everyone],
  "session:end": everyone,
  "account:read": everyone,
  "account:update": everyone,

  "recording:list": everyone,
  "recording:read": everyone,
  /** See the whole number of the customer; the others see it masked. */
  "recording:read-number": ["dpo"],
  "recording:play": ["supervisor", "dpo"],
  "recording:download": ["dpo"],
  /** Whoever has a link may ask: the grant decides, and each refusal is an event. */
  "playback:open": ["anonymous", "service", ...everyone],
  "recording:upload": ["service", "admin"],
  "recording:complete-upload": ["service", "admin", "job"],
  /** What the disk store refuses on a ticket's link, whoever sent it. */
  "upload:note-refusal": ["anonymous"],
  /** Whoever has a link of a ticket that the portal answers: the link decides. */
  "upload:send-by-link": ["anonymous"],
  "recording:retire": ["job"],
  /** Keys of sealed recordings: the store asks for them on behalf of what was allowed already. */
  "data-key:create": ["job"],
  "data-key:read": ["job"],
  "data-key:rewrap": ["job"],
  "recording:compute-waveform": ["job"],
  "upload:reconcile": ["job"],
  "webhook:deliver": ["job"],

  "retention-policy:list": ["admin", "dpo", "auditor"],
  "retention-policy:write": ["admin"],
  /** The second person where a legal minimum is shortened. */
  "retention-policy:approve": ["admin", "dpo"],
  /**
   * What a policy counts from and is known only later: the end of a contract, a complaint. Phone systems of their
   * own calls.
   */
  "retention-trigger:report": ["service", "admin", "dpo"],
  "retention-run:list": ["admin", "dpo", "auditor"],
  /** What falls due in the coming days: supervisors of their units. */
  "retention-forecast:read": everyone,
  "retention:preview": ["admin", "dpo", "auditor", "job"],
  "retention:run": ["job"],

  "store-scan:read": ["admin", "dpo", "auditor", "job"],
  "store-scan:run": ["job"],
  /** Looks now, instead of with the next day's run. */
  "store-scan:start": ["admin", "job"],
  /** What destroys nothing: look again, try again, lock again, say why it may stay. */
  "store-scan:remedy": ["admin", "dpo"],
  /** Deletes audio that belongs to no recording: who answers for the store. */
  "store-scan:remove-object": ["admin"],
  /** Says that a recording is lost, and lets go what is left of it: who answers for the data. */
  "store-scan:admit-loss": ["dpo"],

  /** Names and matters of holds: a supervisor sees those that they placed or answer for. */
  "legal-hold:list": everyone,
  /** Supervisors on recordings of their units, the DPO on all. */
  "legal-hold:place": ["supervisor", "dpo"],
  "legal-hold:update": ["supervisor", "dpo"],
  "legal-hold:continue": ["job"],
  "legal-hold:lock-objects": ["job"],
  /** Whether the database was restored from before erasures: the banner of every page. */
  "erasure-ledger:read": [...everyone, "job"],
  "erasure-ledger:write": ["job"],
  "erasure-ledger:replay": ["job"],

  "legal-hold:request-release": ["supervisor", "dpo"],
  /** The second person of a release: never the one who asked, whatever the role. */
  "legal-hold:approve-release": ["dpo", "admin"],
  "approval:list": ["admin", "dpo", "auditor"],

  "deletion-order:list": ["admin", "dpo", "auditor", "job"],
  "deletion-order:preview": ["admin", "job"],
  "deletion-order:order": ["admin", "job"],
  /** The second person of a large deletion order. */
  "deletion-order:approve": ["admin", "dpo"],

  /** Of a deletion: what goes to the data subject, the auditor or the ANPD. */
  "receipt:issue": ["admin", "dpo", "auditor", "job"],

  "audit-event:list": ["auditor", "dpo"],
  "audit-event:export": ["auditor", "dpo", "job"],
  /** The history of one recording, on its own page. */
  "audit-event:read-recording": everyone,
  /** Public keys are no secret: whoever holds an export may have them. */
  "audit:read-public-keys": [...everyone, "service", "job", "anonymous"],
  "audit:seal": ["job"],
  "audit:verify": ["auditor", "job"],

  "user:list": ["admin", "auditor"],
  "user:write": ["admin"],
  /** The first administrator of an installation, made by its operator on the server. */
  "user:bootstrap": ["job"],
  "unit:list": everyone,
  "unit:write": ["admin"],
  "service-account:list": ["admin", "auditor"],
  "service-account:write": ["admin"],
  "storage:read": ["admin", "auditor"],
  "storage:check": ["admin", "job"],
  /** Work in the background that waits, runs or failed for good. */
  "job:list": ["admin"],
  "job:retry": ["admin"],
} as const satisfies Record<string, readonly Principal[]>;

export type Permission = keyof typeof permissions;

/** Whether the table allows it. Scope (which recordings) is decided in the `where` of each operation. */
export function isAllowed(actor: Actor, permission: Permission): boolean {
  return (permissions[permission] as readonly Principal[]).includes(principalOf(actor));
}
