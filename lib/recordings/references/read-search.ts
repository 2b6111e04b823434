import { singleLine } from "@/lib/core/text-input";
import { and, desc, eq, gt, sql } from "drizzle-orm";
import { z } from "zod";
import { blindIndex } from "@/lib/core/crypto/blind-index";
import { env } from "@/lib/core/env";
import { AppError } from "@/lib/core/errors";
import type { ReadDatabase, Transaction } from "@/lib/db/client";
import { auditEvents, recordings } from "@/lib/db/schema";
import { actorId, type Actor } from "@/lib/operation/actor";
import { auditEvent } from "@/lib/operation/audit-event";
import { takeDenialQuota } from "@/lib/operation/denial-quota";
import { command, refuse, refuseUnrecorded } from "@/lib/operation/operation";
import { isAllowed } from "@/lib/operation/permissions";
import { agentNameToken } from "@/lib/recordings/agents/agent-name";
import { numberToken } from "@/lib/recordings/number-token";
import { recordingConditions } from "@/lib/recordings/recording-conditions";
import { recordingScope } from "@/lib/recordings/recording-scope";
import { referenceDigest, referenceKinds } from "@/lib/recordings/references/call-references";

export const searchKinds = ["number", ...referenceKinds, "agentName"] as const;
type SearchKind = (typeof searchKinds)[number];

/** A form that leaves the choice open sends an empty text. */
const chosenKind = z.enum(searchKinds).or(z.literal("").transform(() => undefined));

/** The filter of the list, and its token: a keyed digest, which may appear in a URL. */
type Search = { filter: SearchKind; token: string };

/**
 * Converts what somebody typed to a filter of the list. Without `by` it is what some visible recording has: its number
 * first, then its protocol, customer reference, CPF or CNPJ, then its agent's name. If none has it, a telephone number
 * is still one.
 *
 * Each search that says whether a number, CPF or CNPJ has recordings is an event with a keyed digest. Whoever sees
 * numbers masked has `NUMBER_SEARCHES_PER_DAY` of them in 24 hours, so that nobody finds the masked digits by trying.
 * @throws AppError `invalid_input` if the text cannot be what `by` says, or no recording has it and it is no number;
 * `too_many_requests` with `retryAfterSeconds`.
 */
export const readSearch = command({
  permission: "recording:list",
  input: z.object({ text: singleLine(64), by: chosenKind.optional() }),
  audits: ["recording.searched"],
  run: async ({ tx, actor, input: { text, by } }) => {
    if (by === "taxId" && !isAllowed(actor, "recording:find-tax-id")) throw new AppError("forbidden");
    const possible = possibleSearches(actor, text).filter(({ filter }) => by === undefined || filter === by);
    const identifying = possible.find(({ filter }) => identifies.includes(filter));
    const wait = identifying ? await secondsToWait(tx, actor) : 0;
    if (wait > 0) return refuseSearch(actor, searchEvent(identifying!, { outcome: "denied" }), wait);
    const found = await firstFound(tx, actor, possible);
    const [first] = possible;
    const result = found ?? (first && (by !== undefined || first.filter === "number") ? first : null);
    const shown = [found, identifying].find((search) => search && identifies.includes(search.filter));
    const events = shown ? [searchEvent(shown, { details: { found: found === shown } })] : [];
    if (!result) {
      const reason = by ? `not_a_${by}` : "not_found";
      const refusal = new AppError("invalid_input", "finds nothing", { fields: [{ path: "text", reason }] });
      if (!events[0]) throw refusal;
      return refuse(refusal, events[0]);
    }
    return events[0] ? { result, audits: [events[0]] } : { result, unchanged: true };
  },
});

/** What tells one person from another, and is masked or hidden for most roles. */
const identifies: readonly SearchKind[] = ["number", "taxId"];

type SearchFacts = { outcome?: "success" | "denied"; details?: { found: boolean } };

function searchEvent({ filter, token }: Search, { outcome = "success", details }: SearchFacts) {
  const searchDigest = blindIndex("recording_search", `${filter} ${token}`).toString("hex").slice(0, 32);
  return auditEvent("recording.searched", { outcome, details: { searchedBy: filter, searchDigest, ...details } });
}

function refuseSearch(actor: Actor, event: ReturnType<typeof searchEvent>, retryAfterSeconds: number) {
  const refusal = new AppError("too_many_requests", "too many searches by number", { retryAfterSeconds });
  return takeDenialQuota(`search ${actorId(actor)}`) ? refuse(refusal, event) : refuseUnrecorded(refusal);
}

/** Seconds until the actor may search by number again; 0 now. Searches of one actor at once wait for each other. */
async function secondsToWait(tx: Transaction, actor: Actor): Promise<number> {
  if (isAllowed(actor, "recording:read-number")) return 0;
  const id = actorId(actor)!;
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('custodia search'), hashtext(${id}))`);
  const { occurredAt } = auditEvents;
  const [oldest] = await tx
    .select({ seconds: sql<number>`ceil(extract(epoch from ${occurredAt} + interval '24 hours' - now()))::int` })
    .from(auditEvents)
    .where(
      and(
        eq(auditEvents.actorId, id),
        gt(occurredAt, sql`now() - interval '24 hours'`),
        eq(auditEvents.action, "recording.searched"),
        eq(auditEvents.outcome, "success"),
      ),
    )
    .orderBy(desc(occurredAt), desc(auditEvents.id))
    .offset(env().NUMBER_SEARCHES_PER_DAY - 1)
    .limit(1);
  return oldest ? Math.max(1, oldest.seconds) : 0;
}

function possibleSearches(actor: Actor, text: string): Search[] {
  return searchKinds.flatMap((filter) => {
    if (filter === "taxId" && !isAllowed(actor, "recording:find-tax-id")) return [];
    const token = tokenOf(filter, text);
    return token ? [{ filter, token }] : [];
  });
}

function tokenOf(filter: SearchKind, text: string): string | null | undefined {
  if (filter === "number") return numberToken(text);
  return filter === "agentName" ? agentNameToken(text) : referenceDigest(filter, text)?.toString("base64url");
}

async function firstFound(db: ReadDatabase, actor: Actor, searches: readonly Search[]): Promise<Search | null> {
  for (const search of searches) if (await hasSome(db, actor, search)) return search;
  return null;
}

async function hasSome(db: ReadDatabase, actor: Actor, { filter, token }: Search): Promise<boolean> {
  const scope = recordingScope(actor);
  // The list says how many quarantined recordings it leaves out.
  const quarantined = isAllowed(actor, "recording:read-quarantined") ? "any" : undefined;
  const rows = await db
    .select({ id: recordings.id })
    .from(recordings)
    .where(and(scope, ...recordingConditions({ [filter]: token, quarantined }, scope)))
    .limit(1);
  return rows.length > 0;
}
