import { principalOf, type Actor, type Principal } from "@/lib/operation/actor";

const everyone = ["admin", "supervisor", "dpo", "auditor"] as const;

/**
 * The only table of permissions. There is no default and no wildcard; an operation that names a permission outside this
 * table does not compile.
 */
export const permissions = {
  "session:start": ["anonymous", ...everyone],
  "session:end": everyone,
  "account:read": everyone,
  "account:update": everyone,
  /** Ask for a link for a new password, and use one. Who has no session acts as nobody. */
  "password-link:request": ["anonymous"],
  "password-link:use": ["anonymous"],
  /** Mail to people about their own accounts, and emptying what is kept of old sign-ins. */
  "account:maintain": ["job"],
  /** Prove again who one is, for what needs a fresh proof. */
  "account:prove": everyone,
  /** Enrol and remove one's own second factors. */
  "second-factor:enrol": everyone,

  "recording:list": everyone,
  "recording:read": everyone,
  /** See the customer's whole number; other roles see it masked. */
  "recording:read-number": ["dpo"],
  /** See the protocol and the customer reference of a call whole; other roles see them masked. */
  "recording:read-protocol": ["supervisor", "dpo"],
  /** See the customer's whole CPF or CNPJ; other roles see it masked. */
  "recording:read-tax-id": ["dpo"],
  /** Find recordings by a whole CPF or CNPJ. */
  "recording:find-tax-id": ["supervisor", "dpo"],
  /** Say what a customer's number, CPF or CNPJ is, where the portal read none or another. */
  "recording:correct-number": ["dpo"],
  "recording:correct-tax-id": ["dpo"],
  /** Say how a call was handled: announcement, sensitive content, card data. */
  "recording:change-handling": ["supervisor", "dpo"],
  /** Quarantine a recording that may have card data. */
  "recording:quarantine": ["supervisor", "dpo"],
  /** List and find quarantined recordings. */
  "recording:read-quarantined": ["dpo", "auditor"],
  "recording:release": ["dpo"],
  "recording:erase-quarantined": ["dpo"],
  /** Suspend every processing of a recording (*bloqueio*), and lift that. */
  "recording:block": ["dpo"],
  "recording:read-block": ["dpo", "auditor"],
  "recording:play": ["supervisor", "dpo"],
  "recording:download": ["dpo"],
  /** Anyone with a link may call it: the grant decides, and each refusal is an event. */
  "playback:open": ["anonymous", "service", ...everyone],
  "recording:upload": ["service", "admin"],
  "recording:complete-upload": ["service", "admin", "job"],
  /** Records that the disk store refused an upload link, whoever used it. */
  "upload:record-refusal": ["anonymous"],
  /** Anyone with an upload link of the portal may call it: the link decides. */
  "upload:send-by-link": ["anonymous"],
  "recording:retire": ["job"],
  /** Keys of sealed recordings. The store requests them for work that was already authorised. */
  "data-key:create": ["job"],
  "data-key:read": ["job"],
  "data-key:rewrap": ["job"],
  "recording:compute-waveform": ["job"],
  /** Read stored numbers again after the rules or a unit's dialling changed. */
  "recording:renew-numbers": ["job"],
  /** Make search digests of agents' names that earlier releases stored. */
  "agent:index-names": ["job"],
  "recording:make-playable-copy": ["job"],
  /** Audio for whoever asked for it: one channel, or with silenced parts. */
  "recording:make-derived-audio": ["job"],
  "upload:reconcile": ["job"],
  "webhook:deliver": ["job"],
  /** Send the messages of the outbox to people, and empty old ones. */
  "message:send": ["job"],

  "retention-policy:list": ["admin", "dpo", "auditor"],
  "retention-policy:write": ["admin"],
  /** How long recordings are kept, and why (LGPD Art. 9, I and II). */
  "retention-policy:read-public": ["anonymous"],
  /** The second person approves a shorter legal minimum. */
  "retention-policy:approve": ["admin", "dpo"],
  /** Report a retention trigger: the end of a contract, a complaint. Phone systems report for their own calls only. */
  "retention-trigger:report": ["service", "admin", "dpo"],
  /** Confirm or correct the doubtful start of a call, which retention counts from. */
  "call-date:confirm": ["admin", "dpo"],
  "retention-run:list": ["admin", "dpo", "auditor"],
  /** What falls due in the coming days; supervisors see their units only. */
  "retention-forecast:read": everyone,
  "deletion:read-waiting": [...everyone, "job"],
  "retention:preview": ["admin", "dpo", "auditor", "job"],
  "retention:run": ["job"],

  "store-scan:read": ["admin", "dpo", "auditor", "job"],
  "store-scan:run": ["job"],
  /** Start a store scan now, without waiting for the daily run. */
  "store-scan:start": ["admin", "job"],
  /** Remedies that destroy nothing: check again, retry, lock again, accept with a reason. */
  "store-scan:remedy": ["admin", "dpo"],
  /** Deletes an object that belongs to no recording: the role responsible for the store. */
  "store-scan:remove-object": ["admin"],
  /** Records a recording as lost and releases its remains: the role responsible for the data. */
  "store-scan:admit-loss": ["dpo"],

  /** Names and matters of holds; supervisors see those that they placed or are responsible for. */
  "legal-hold:list": everyone,
  /** Supervisors for recordings of their units, the DPO for all. */
  "legal-hold:place": ["supervisor", "dpo"],
  "legal-hold:update": ["supervisor", "dpo"],
  "legal-hold:continue": ["job"],
  "legal-hold:lock-objects": ["job"],
  /** Whether the database was restored from a backup older than the last erasure: the banner on every page. */
  "erasure-ledger:read": [...everyone, "job"],
  "erasure-ledger:write": ["job"],
  "erasure-ledger:replay": ["job"],

  "legal-hold:request-release": ["supervisor", "dpo"],
  /** The second person of a release: never the requester, whatever the role. */
  "legal-hold:approve-release": ["dpo", "admin"],
  "approval:list": ["admin", "dpo", "auditor"],

  "deletion-order:list": ["admin", "dpo", "auditor", "job"],
  "deletion-order:preview": ["admin", "job"],
  "deletion-order:order": ["admin", "job"],
  /** The second person of a large deletion order. */
  "deletion-order:approve": ["admin", "dpo"],

  /** Deletion receipts, for the data subject, the auditor or the ANPD. */
  "receipt:issue": ["admin", "dpo", "auditor", "job"],

  /** Requests of the persons recorded, their clocks and events, and the deadlines. */
  "subject-request:read": ["dpo", "auditor"],
  /** Names, words, addresses and whole numbers of a request; other readers see what is masked, or nothing. */
  "subject-request:read-person": ["dpo"],
  "subject-request:register": ["dpo"],
  /** Assign a request, and take the steps of its rights. */
  "subject-request:work": ["dpo"],
  "subject-request:change-deadline": ["dpo"],
  /** Whether the public page turns people away, which an administrator can change. */
  "subject-request:read-limits": ["admin", "dpo"],
  /** Withdraw what nobody proved, and empty requests whose own retention is over. */
  "subject-request:empty": ["job"],
  /** The second person of what a request erases or lets hear; of administrators only the one who is named for it. */
  "subject-request:approve": ["dpo", "admin"],
  /** Does what was decided. */
  "subject-request:execute": ["job"],
  /** The public pages: everybody acts there as nobody in particular, also staff. */
  "subject-request:submit": ["anonymous"],
  /** Protocol and code decide. */
  "subject-request:follow-own": ["anonymous"],

  "audit-event:list": ["auditor", "dpo"],
  "audit-event:export": ["auditor", "dpo", "job"],
  /** The history of one recording, on its own page. */
  "audit-event:read-recording": everyone,
  /** Public keys are not secret: anyone with an export may have them. */
  "audit:read-public-keys": [...everyone, "service", "job", "anonymous"],
  "audit:seal": ["job"],
  "audit:verify": ["auditor", "job"],
  /** The stream of events to the SIEM: how far it is, its deliveries, and to send again. */
  "siem-stream:read": ["admin", "dpo", "auditor", "job"],
  "siem-stream:deliver": ["job"],
  "siem-stream:reset": ["job"],
  /** Reports of the log. They name people: administrators see that there are some, and when they are made. */
  "audit-report:list": ["admin", "dpo", "auditor"],
  "audit-report:request": ["dpo", "auditor", "job"],
  "audit-report:take": ["dpo", "auditor", "job"],
  "audit-report:make": ["job"],
  /** The recertification of access each quarter. Nobody decides on themselves. */
  "access-review:read": ["admin", "dpo", "auditor"],
  "access-review:decide": ["admin", "dpo"],
  "access-review:open": ["job"],
  /** What somebody should look at, today. Nobody acknowledges an alert about themselves. */
  "alert:read": ["admin", "dpo", "auditor"],
  "alert:acknowledge": ["admin", "dpo", "auditor"],
  "alert:raise": ["job"],
  /** Which reports are made, and from when on figures count as much. */
  "oversight:configure": ["admin", "dpo"],

  /** The controls that the portal checks by itself, with plans and accepted risks. */
  "compliance:read": ["admin", "dpo", "auditor"],
  "compliance:check": ["admin", "dpo", "auditor", "job"],
  /** Say who closes a gap and by when, or accept it for a time. */
  "compliance:manage": ["admin", "dpo"],
  /** The register of security incidents. */
  "incident:read": ["admin", "dpo", "auditor"],
  "incident:manage": ["admin", "dpo"],
  /** Register of processing, impact report, balancing test, and who is encarregado. */
  "register:read": ["admin", "dpo", "auditor"],
  "register:write": ["dpo"],
  /** What is configured and proved now, as a signed document. */
  "compliance:document": ["admin", "dpo", "auditor", "job"],

  "user:list": ["admin", "auditor"],
  "user:write": ["admin"],
  /** Single sign-on: the provider, who gets which role, and whether passwords sign in. */
  "single-sign-on:read": ["admin", "auditor"],
  "single-sign-on:write": ["admin"],
  /** Let in whom the provider described, with the role of the claims. */
  "single-sign-on:admit": ["job"],
  /** Anyone may send a logout token: the provider's signature decides. */
  "single-sign-on:log-out": ["anonymous"],
  /** Ask the provider again whether people still belong to the company. */
  "single-sign-on:renew": ["job"],
  /** Let passwords sign in again, from the server's terminal. */
  "single-sign-on:restore-local": ["job"],
  /** Remove the second factors of another person who lost theirs. */
  "second-factor:reset": ["admin"],
  /** Of which roles, beside administrators and DPO, the people need a second factor. */
  "second-factor:read-roles": ["admin", "dpo", "auditor"],
  "second-factor:configure": ["admin"],
  /** An administrator of an installation, created first or let in again by its operator on the server. */
  "user:bootstrap": ["job"],
  "unit:list": everyone,
  "unit:write": ["admin"],
  /** Who the controller and its encarregado are, with all earlier versions. */
  "controller:read": ["admin", "dpo", "auditor"],
  "controller:write": ["admin", "dpo"],
  /** The texts of messages to people, with all earlier versions. */
  "message-text:read": ["admin", "dpo", "auditor"],
  "message-text:write": ["admin", "dpo"],
  /** What the law makes public of it. */
  "controller:read-public": [...everyone, "service", "job", "anonymous"],
  "service-account:list": ["admin", "auditor"],
  "service-account:write": ["admin"],
  "storage:read": ["admin", "auditor"],
  "storage:check": ["admin", "job"],
  /** Background work that waits, runs or has failed for good. */
  "job:list": ["admin"],
  "job:retry": ["admin"],
} as const satisfies Record<string, readonly Principal[]>;

export type Permission = keyof typeof permissions;

/** Whether the table allows it. The `where` of each operation limits which recordings (scope). */
export function isAllowed(actor: Actor, permission: Permission): boolean {
  return (permissions[permission] as readonly Principal[]).includes(principalOf(actor));
}
