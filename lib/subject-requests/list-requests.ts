import { and, asc, eq, exists, inArray, isNull, lte, sql, type SQL } from "drizzle-orm";
import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { decryptField } from "@/lib/core/crypto/field-encryption";
import { keysetPage } from "@/lib/core/keyset-cursor";
import { pageFields } from "@/lib/core/page-input";
import type { ReadDatabase } from "@/lib/db/client";
import { keysetReading } from "@/lib/db/keyset-reading";
import { subjectRequestRights, subjectRequests, users } from "@/lib/db/schema";
import { processStates, requestChannels, requestRights } from "@/lib/db/schema/subject-request-words";
import { query } from "@/lib/operation/operation";
import { readProtocolNumber } from "@/lib/subject-requests/protocol-number";
import { seesPerson } from "@/lib/subject-requests/request-facts";
import { isEnded } from "@/lib/subject-requests/transitions";

/**
 * `open`: a right is still to be answered. `overdue`: and its clock is over. `unproven`: the same of the public form,
 * while no line or address is proved; the other two leave them out.
 */
export const requestViews = ["open", "overdue", "unproven", "ended"] as const;

/** What may be chosen in the filters, in the order of the forms. */
export const filterChoices = {
  views: requestViews,
  states: processStates,
  rights: requestRights,
  channels: requestChannels,
};

/** Filters that live in the address: codes, ids, and a protocol number, which has no personal data. */
export const requestFilters = z.object({
  view: z.enum(requestViews).default("open"),
  state: z.enum(processStates).optional(),
  right: z.enum(requestRights).optional(),
  channel: z.enum(requestChannels).optional(),
  /** `none`: of nobody yet. */
  assigneeId: z.union([z.uuid(), z.literal("none")]).optional(),
  /** As typed; finds the request whatever the view. */
  protocol: z.string().max(64).optional(),
});

export type RequestFilters = z.output<typeof requestFilters>;

/**
 * One page of the desk: open requests by what is due first, ended ones by what was due last. Each with its rights.
 * @throws AppError `invalid_input` for what is no protocol number.
 */
export const listRequests = query({
  permission: "subject-request:read",
  input: requestFilters.extend(pageFields(100, 50)),
  run: async ({ db, actor, input }) => {
    const { id, protocol, channel, requester, receivedAt, dueUntil, isOpen, assigneeId } = subjectRequests;
    const reading = keysetReading({ sort: dueUntil, id, descending: input.view === "ended" }, input);
    const rows = await db
      .select({
        id,
        protocol,
        channel,
        requester,
        receivedAt,
        dueUntil,
        isOpen,
        assigneeId,
        assignee: users.name,
        subjectName: subjectRequests.subjectNameEncrypted,
        identityLevel: subjectRequests.identityLevel,
        isUnproven: subjectRequests.isUnproven,
        timeZone: subjectRequests.timeZone,
      })
      .from(subjectRequests)
      .leftJoin(users, eq(users.id, assigneeId))
      .where(and(...conditions(db, input), reading.where))
      .orderBy(...reading.orderBy)
      .limit(reading.limit);
    const page = keysetPage(rows, input, (row) => ({ value: row.dueUntil.toISOString(), id: row.id }));
    const processes = await rightsOf(db, page.rows);
    const described = page.rows.map(({ subjectName, ...row }) => ({
      ...row,
      subjectName: subjectName && seesPerson(actor) ? decryptField("subject_request.subject_name", subjectName) : null,
      rights: processes.filter(({ requestId }) => requestId === row.id),
    }));
    return { ...page, rows: described };
  },
});

export type RequestPage = Awaited<ReturnType<typeof listRequests>>;
export type RequestRow = RequestPage["rows"][number];

function conditions(db: ReadDatabase, filters: RequestFilters): (SQL | undefined)[] {
  const { protocol, channel } = subjectRequests;
  return [
    filters.protocol === undefined ? viewCondition(filters.view) : eq(protocol, requireProtocol(filters.protocol)),
    filters.channel && eq(channel, filters.channel),
    filters.assigneeId === undefined ? undefined : assigneeCondition(filters.assigneeId),
    rightCondition(db, filters),
  ];
}

function assigneeCondition(assigneeId: NonNullable<RequestFilters["assigneeId"]>): SQL {
  return assigneeId === "none" ? isNull(subjectRequests.assigneeId) : eq(subjectRequests.assigneeId, assigneeId);
}

function viewCondition(view: RequestFilters["view"]): SQL {
  const { isOpen, isUnproven, dueUntil } = subjectRequests;
  if (view === "ended") return sql`not ${isOpen}`;
  if (view === "unproven") return sql`${isOpen} and ${isUnproven}`;
  const isQueued = sql`${isOpen} and not ${isUnproven}`;
  return view === "open" ? isQueued : and(isQueued, lte(dueUntil, sql`now()`))!;
}

/** A right in a state, by one process: the same right for both. */
function rightCondition(db: ReadDatabase, { right, state }: RequestFilters): SQL | undefined {
  if (!right && !state) return undefined;
  const process = subjectRequestRights;
  const found = db
    .select({ found: sql`1` })
    .from(process)
    .where(
      and(
        eq(process.requestId, subjectRequests.id),
        right && eq(process.right, right),
        state && eq(process.state, state),
      ),
    );
  return exists(found);
}

function requireProtocol(text: string): string {
  const protocol = readProtocolNumber(text);
  if (protocol) return protocol;
  throw new AppError("invalid_input", "no protocol", { fields: [{ path: "protocol", reason: "not_a_protocol" }] });
}

async function rightsOf(db: ReadDatabase, requests: readonly { id: string }[]) {
  const { requestId, right, state, dueUntil, outcome, id } = subjectRequestRights;
  if (requests.length === 0) return [];
  const ids = requests.map((request) => request.id);
  const rows = await db
    .select({ requestId, right, state, dueUntil, outcome })
    .from(subjectRequestRights)
    .where(inArray(requestId, ids))
    .orderBy(asc(requestId), asc(id));
  return rows.map((row) => ({ ...row, isEnded: isEnded(row.state) }));
}
