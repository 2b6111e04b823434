import { and } from "drizzle-orm";
import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import type { ReadDatabase } from "@/lib/db/client";
import { recordings } from "@/lib/db/schema";
import type { Actor } from "@/lib/operation/actor";
import { query } from "@/lib/operation/operation";
import { isAllowed } from "@/lib/operation/permissions";
import { agentNameToken } from "@/lib/recordings/agents/agent-name";
import { numberToken } from "@/lib/recordings/number-token";
import { recordingConditions } from "@/lib/recordings/recording-conditions";
import { recordingScope } from "@/lib/recordings/recording-scope";
import { referenceDigest, referenceKinds } from "@/lib/recordings/references/call-references";

const searchKinds = ["number", ...referenceKinds, "agentName"] as const;
type SearchKind = (typeof searchKinds)[number];

/** A form that leaves the choice open sends an empty text. */
const chosenKind = z.enum(searchKinds).or(z.literal("").transform(() => undefined));

/** The filter of the list, and its token: a keyed digest, which may appear in a URL. */
type Search = { filter: SearchKind; token: string };

/**
 * Converts what somebody typed to a filter of the list. Without `by` it is what some visible recording has: its number
 * first, then its protocol, customer reference, CPF or CNPJ, then its agent's name. If none has it, a telephone number
 * is still one.
 * @throws AppError `invalid_input` if the text cannot be what `by` says, or no recording has it and it is no number.
 */
export const readSearch = query({
  permission: "recording:list",
  input: z.object({ text: z.string().trim().min(1).max(64), by: chosenKind.optional() }),
  run: async ({ db, actor, input: { text, by } }): Promise<Search> => {
    if (by === "taxId" && !isAllowed(actor, "recording:find-tax-id")) throw new AppError("forbidden");
    const possible = possibleSearches(actor, text).filter(({ filter }) => by === undefined || filter === by);
    if (by === undefined) for (const search of possible) if (await hasSome(db, actor, search)) return search;
    const [found] = possible;
    if (found && (by !== undefined || found.filter === "number")) return found;
    const reason = by ? `not_a_${by}` : "not_found";
    throw new AppError("invalid_input", "finds nothing", { fields: [{ path: "text", reason }] });
  },
});

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
