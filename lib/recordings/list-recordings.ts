import { and, eq, sql, type SQL } from "drizzle-orm";
import { z } from "zod";
import { decryptField } from "@/lib/core/crypto/field-encryption";
import { AppError } from "@/lib/core/errors";
import { pick } from "@/lib/core/pick";
import { keysetReading } from "@/lib/db/keyset-reading";
import { pageFields } from "@/lib/core/page-input";
import { isAllowed } from "@/lib/operation/permissions";
import type { Actor } from "@/lib/operation/actor";
import type { ReadDatabase } from "@/lib/db/client";
import { agents, queues, recordings, units } from "@/lib/db/schema";
import { agentsNamed } from "@/lib/recordings/agents/agents-named";
import { keysetPage } from "@/lib/core/keyset-cursor";
import { query } from "@/lib/operation/operation";
import { callTotals, showsCall } from "@/lib/recordings/call-rows";
import { presentNumber } from "@/lib/recordings/customer-number";
import { durationOrZero, recordingConditions } from "@/lib/recordings/recording-conditions";
import { recordingFilters, recordingSorts } from "@/lib/recordings/recording-filters";
import { recordingScope } from "@/lib/recordings/recording-scope";
import { presentReferences } from "@/lib/recordings/references/call-references";

const listInput = recordingFilters.extend({
  sort: z
    .object({ key: z.enum(recordingSorts), descending: z.boolean() })
    .default({ key: "startedAt", descending: true }),
  ...pageFields(200, 50),
});

type ListInput = z.output<typeof listInput>;

/**
 * One page of the calls of which the actor may see a recording, newest first by default, each shown by one recording
 * that matches the filters. Keyset paging: every page costs the same. Numbers are masked unless the role may see them
 * whole.
 */
export const listRecordings = query({
  permission: "recording:list",
  input: listInput,
  run: async ({ db, actor, input }) => {
    if (input.taxId && !isAllowed(actor, "recording:find-tax-id")) throw new AppError("forbidden");
    if (input.quarantined && !isAllowed(actor, "recording:read-quarantined")) throw new AppError("forbidden");
    const read = await describePage(db, actor, input);
    const byStart = input.sort.key === "startedAt";
    return keysetPage(read, input, (row) => ({
      value: byStart ? row.startedAt.toISOString() : String(row.durationMs ?? 0),
      id: row.id,
    }));
  },
});

export type RecordingRow = Awaited<ReturnType<typeof listRecordings>>["rows"][number];

/** Ids of one row more than the page, in reading order. */
export async function pageIds(db: ReadDatabase, actor: Actor, input: ListInput): Promise<SQL> {
  if (isDueSearch(input)) return dueIds(actor, input);
  const [{ lanes, isByAgent }, reading] = [await lanesOf(db, actor, input), readingOf(input)];
  const conditions = [...listConditions(actor, input, isByAgent), reading.where];
  const lane = (condition?: SQL) =>
    db
      .select({ id: recordings.id, sortValue: sortColumn(input).as("sort_value") })
      .from(recordings)
      .where(and(condition, ...conditions))
      .orderBy(...reading.orderBy)
      .limit(reading.limit);
  if (lanes === null || lanes.length <= 1) return sql`${lane(lanes?.[0])}`;
  // Each unit or agent has an index in this order. A single index would also scan the rows of others.
  const merged = sql.join(
    lanes.map((condition) => sql`(select * from ${lane(condition).as("lane")})`),
    sql` union all `,
  );
  const direction = reading.readsDescending ? sql`desc` : sql`asc`;
  return sql`(select id, sort_value from (${merged}) merged order by sort_value ${direction}, id ${direction}
    limit ${reading.limit})`;
}

/**
 * What the filters find within the actor's scope, and of each call one recording.
 * @param isByAgent the lanes are the agents of the searched name.
 */
function listConditions(actor: Actor, input: ListInput, isByAgent = false): SQL[] {
  const scope = recordingScope(actor);
  const inUnit = input.unitId ? [eq(recordings.unitId, input.unitId)] : [];
  // A number or a reference finds whole calls, so the other recordings of a row's call match it as well.
  const ofCalls = { number: undefined, protocol: undefined, customerReference: undefined, taxId: undefined };
  const others = recordingConditions({ ...input, ...ofCalls }, scope);
  const ofList = isDueSearch(input) ? [isStored] : [];
  const call = showsCall([scope, ...inUnit, ...ofList, ...others], input.sort.key);
  const filters = isByAgent ? { ...input, agentName: undefined } : input;
  return [scope, ...ofList, ...(isByAgent ? inUnit : []), ...recordingConditions(filters, scope), call];
}

// A literal: PostgreSQL does not match a parameter with a partial index.
const isStored = sql`${recordings.state} = 'stored'`;

/**
 * Whether the list is filtered by deletion date. It then shows stored recordings unless another state is requested:
 * only those have an index by that date.
 */
const isDueSearch = ({ dueFrom, dueTo, state = "stored" }: ListInput) =>
  state === "stored" && (dueFrom !== undefined || dueTo !== undefined);

/**
 * Selects the due recordings first, by their index, and then sorts them: an index in list order would scan all others.
 */
function dueIds(actor: Actor, input: ListInput): SQL {
  const { id, startedAt, durationMs, unitId } = recordings;
  const conditions = [input.unitId ? eq(unitId, input.unitId) : undefined, ...listConditions(actor, input)];
  // `offset 0` makes PostgreSQL plan the subquery separately.
  const due = sql`(select ${id}, ${startedAt}, ${durationMs} from ${recordings} where ${and(...conditions)} offset 0)`;
  const reading = readingOf(input);
  const order = sql.join(reading.orderBy, sql`, `);
  return sql`(select ${id}, ${sortColumn(input)} as sort_value from ${due} as ${recordings}
    where ${reading.where ?? sql`true`} order by ${order} limit ${reading.limit})`;
}

/** What to search with one index scan each: the agents of a name, or units; null for all recordings at once. */
async function lanesOf(db: ReadDatabase, actor: Actor, input: ListInput) {
  const unitIds = unitLanes(actor, input);
  const agentIds = input.agentName ? await agentsNamed(db, input.agentName, unitIds) : null;
  if (agentIds === null)
    return { lanes: unitIds?.map((unitId) => eq(recordings.unitId, unitId)) ?? null, isByAgent: false };
  const lanes = agentIds.map((agentId) => eq(recordings.agentId, agentId));
  return { lanes: lanes.length === 0 ? [sql`false`] : lanes, isByAgent: true };
}

/** The units to search, with one index scan each; null for all units at once. */
function unitLanes(actor: Actor, input: ListInput): string[] | null {
  if (input.unitId) return [input.unitId];
  return actor.type === "user" && actor.role === "supervisor" ? [...actor.unitIds] : null;
}

const sortColumn = (input: ListInput): SQL =>
  input.sort.key === "startedAt" ? sql`${recordings.startedAt}` : durationOrZero;

const readingOf = (input: ListInput) =>
  keysetReading(
    {
      sort: sortColumn(input),
      id: recordings.id,
      kind: input.sort.key === "startedAt" ? "instant" : "integer",
      descending: input.sort.descending,
    },
    input,
  );

async function describePage(db: ReadDatabase, actor: Actor, input: ListInput) {
  const columns = pick(
    recordings,
    "id",
    "state",
    "startedAt",
    "anonymisedAt",
    "durationMs",
    "direction",
    "channels",
    "contentType",
    "sizeBytes",
    "retainUntil",
    "dateDoubt",
    "blockedAt",
    "quarantine",
    "sourceCallId",
    "numberKind",
    "customerNumberEncrypted",
  );
  const rows = await db
    .select({
      ...columns,
      references: pick(recordings, "protocolEncrypted", "customerReferenceEncrypted", "taxIdKind", "taxIdEncrypted"),
      unit: units.name,
      timeZone: units.timeZone,
      queue: queues.code,
      agent: agents.code,
      agentNameEncrypted: agents.nameEncrypted,
      call: callTotals(recordingScope(actor)),
    })
    .from(sql`${await pageIds(db, actor, input)} as page`)
    .innerJoin(recordings, eq(recordings.id, sql`page.id`))
    .innerJoin(units, eq(units.id, recordings.unitId))
    .leftJoin(queues, eq(queues.id, recordings.queueId))
    .leftJoin(agents, eq(agents.id, recordings.agentId))
    .orderBy(...readingOf(input).orderBy);
  const whole = isAllowed(actor, "recording:read-number");
  return rows.map(({ customerNumberEncrypted: encrypted, references, agentNameEncrypted: name, ...row }) => ({
    ...row,
    agentName: name && decryptField("agent.name", name),
    isHeld: row.call.isHeld,
    ...presentReferences(references, actor),
    number: presentNumber({ customerNumberEncrypted: encrypted, numberKind: row.numberKind }, whole),
  }));
}
