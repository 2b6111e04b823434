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
function pageIds(db: ReadDatabase, actor: Actor, input: ListInput) {
  if (isDueSearch(input)) return dueIds(actor, input);
  const [lanes, reading] = [unitLanes(actor, input), readingOf(input)];
  const conditions = [...listConditions(actor, input), reading.where];
  const lane = (unitId?: string) =>
    db
      .select({ id: recordings.id, sortValue: sortColumn(input).as("sort_value") })
      .from(recordings)
      .where(and(unitId ? eq(recordings.unitId, unitId) : undefined, ...conditions))
      .orderBy(...reading.orderBy)
      .limit(reading.limit);
  if (lanes === null || lanes.length <= 1) return sql`${lane(lanes?.[0])}`;
  // Each unit has an index in this order. A single index over all units would also scan the rows of other units.
  const merged = sql.join(
    lanes.map((unitId) => sql`(select * from ${lane(unitId).as("lane")})`),
    sql` union all `,
  );
  const direction = reading.readsDescending ? sql`desc` : sql`asc`;
  return sql`(select id, sort_value from (${merged}) merged order by sort_value ${direction}, id ${direction}
    limit ${reading.limit})`;
}

/** What the filters find within the actor's scope, and of each call one recording. */
function listConditions(actor: Actor, input: ListInput): SQL[] {
  const scope = recordingScope(actor);
  const inUnit = input.unitId ? [eq(recordings.unitId, input.unitId)] : [];
  // A number or a reference finds whole calls, so the other recordings of a row's call match it as well.
  const ofCalls = { number: undefined, protocol: undefined, customerReference: undefined, taxId: undefined };
  const others = recordingConditions({ ...input, ...ofCalls }, scope);
  const ofList = isDueSearch(input) ? [isStored] : [];
  const call = showsCall([scope, ...inUnit, ...ofList, ...others], input.sort.key);
  return [scope, ...ofList, ...recordingConditions(input, scope), call];
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
    "durationMs",
    "direction",
    "channels",
    "contentType",
    "sizeBytes",
    "retainUntil",
    "dateDoubt",
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
    .from(sql`${pageIds(db, actor, input)} as page`)
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
