import { NextIntlClientProvider } from "next-intl";
import type { ReactNode } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { AnswerFields } from "@/components/subject-requests/answer-fields";
import { DeadlinesTable } from "@/components/subject-requests/deadlines-table";
import { DueText } from "@/components/subject-requests/due-text";
import { ReceiptFields } from "@/components/subject-requests/receipt-fields";
import { RequestFacts } from "@/components/subject-requests/request-facts";
import { RequestHistory } from "@/components/subject-requests/request-history";
import { RequestRights } from "@/components/subject-requests/request-rights";
import { RequestsTable } from "@/components/subject-requests/requests-table";
import { RightFields } from "@/components/subject-requests/right-fields";
import { StateBadge } from "@/components/subject-requests/state-badge";
import { SubjectFields } from "@/components/subject-requests/subject-fields";
import {
  answerChannels,
  answerForms,
  processStates,
  requestChannels,
  requesters,
  requestRights,
} from "@/lib/db/schema/subject-request-words";
import { locales, type Locale } from "@/lib/i18n/locales";
import { loadMessages } from "@/lib/i18n/namespaces";
import { deadlines, lawLimit } from "@/lib/subject-requests/deadlines";
import type { RequestRow } from "@/lib/subject-requests/list-requests";
import type { RequestDetails } from "@/lib/subject-requests/read-request";
import { rightCodes, rightOf } from "@/lib/subject-requests/rights";
import { steps } from "@/lib/subject-requests/transitions";

const now = new Date("2026-11-29T15:00:00Z");

/** What a component shows as HTML. Fails on a missing message. */
async function shown(children: ReactNode, locale: Locale): Promise<string> {
  const problems: unknown[] = [];
  const html = renderToStaticMarkup(
    <NextIntlClientProvider
      locale={locale}
      messages={await loadMessages(locale)}
      timeZone="America/Sao_Paulo"
      now={now}
      onError={(error) => problems.push(error)}
    >
      {children}
    </NextIntlClientProvider>,
  );
  expect(problems).toEqual([]);
  return html;
}

const textOf = async (children: ReactNode, locale: Locale = "en") =>
  (await shown(children, locale))
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll(/\s+/g, " ")
    .trim();

const clock = { timeZone: "America/Sao_Paulo" };
const noProblem = () => undefined;
const choices = {
  channels: requestChannels.filter((channel) => channel !== "web"),
  ...{ requesters, answerChannels, answerForms },
};

const row: RequestRow = {
  ...{ id: "r-1", protocol: "202611290000014", channel: "letter", requester: "data_subject", identityLevel: 0 },
  ...{ receivedAt: now, dueUntil: new Date("2026-12-15T03:00:00Z"), isOpen: true, ...clock },
  ...{ assigneeId: null, assignee: null, subjectName: "Maria", isUnproven: false },
  rights: requestRights.map((right, index) => ({
    ...{ requestId: "r-1", right, state: processStates[index % processStates.length]!, outcome: null },
    ...{ dueUntil: now, isEnded: false },
  })),
};

const request: RequestDetails = {
  ...{ id: "r-1", protocol: row.protocol, channel: "anpd_order", requester: "attorney", receivedAt: now, ...clock },
  ...{ createdAt: now, periodFrom: "2026-01-02", periodTo: null, answerChannel: "letter", answerForm: "printed" },
  ...{ answerLocale: "pt-BR", orderedDueOn: "2026-12-24", identityLevel: 0, assigneeId: null, isOpen: true },
  ...{ dueUntil: row.dueUntil, closedAt: null, emptiedAt: null, assignee: null, registeredBy: "Davi" },
  ...{ subjectName: "Maria", requesterName: "Ana", authorityReference: "00261", words: "Quero ouvir." },
  ...{ answerAddress: "Rua A, 1", mayWork: false, seesPerson: true, isUnproven: false },
  rights: rightCodes.map((right) => ({
    ...{ id: right, requestId: "r-1", right, state: "received", stateBefore: null, days: 15 },
    ...{ deadlineKind: "practice", deadlineSource: rightOf(right).clock.source, dueUntil: row.dueUntil },
    ...{ outcome: null, scheduledFor: null, createdAt: now, answeredAt: null, closedAt: null },
    ...{ article: rightOf(right).article, requiredLevel: 4, isForRequester: right !== "deletion" },
    ...{ isEnded: false, steps: ["start", "withdraw"] },
  })),
  identifiers: [
    {
      id: "i-1",
      kind: "number",
      readAs: "number",
      findsRecordings: true,
      changedHands: false,
      isProved: true,
      isLeftOut: false,
      value: "(11) 98765-4321",
    },
    {
      id: "i-2",
      kind: "tax_id",
      readAs: "not_understood",
      findsRecordings: false,
      changedHands: false,
      isLeftOut: true,
      isProved: false,
      value: null,
    },
  ],
  mandates: [],
  events: [],
};

describe("a clock", () => {
  it.each([
    ["shows its last day, inclusive", "2026-12-15T03:00:00Z", false, "14/12/2026"],
    ["that ends today says so", "2026-11-30T03:00:00Z", false, "29/11/2026 Today"],
    ["that is over says so", "2026-11-29T03:00:00Z", false, "28/11/2026 Overdue"],
    ["of an answered right says only its day", "2026-11-29T03:00:00Z", true, "28/11/2026"],
  ])("%s", async (_, dueUntil, isEnded, text) => {
    expect(await textOf(<DueText dueUntil={new Date(dueUntil)} isEnded={isEnded} {...clock} />)).toBe(text);
  });

  it("is shown in the zone in which it counts", async () => {
    const dueUntil = new Date("2026-12-15T04:00:00Z");
    expect(await textOf(<DueText dueUntil={dueUntil} timeZone="America/Manaus" isEnded={false} />)).toBe("14/12/2026");
  });
});

describe.each(locales)("in %s", (locale) => {
  it("the list names protocol, rights, states, channel and assignee", async () => {
    const { subjectRequests: words } = await loadMessages(locale);
    const text = await textOf(<RequestsTable requests={[row]} isNarrowed={false} />, locale);
    for (const part of ["20261129.000001-4", "Maria", "14/12/2026", words.channels.letter, words.assign.nobody])
      expect(text).toContain(part);
    for (const right of requestRights) expect(text).toContain(words.rights[right]);
    for (const state of processStates) expect(text).toContain(words.states[state]);
    for (const isNarrowed of [true, false])
      expect(await textOf(<RequestsTable requests={[]} isNarrowed={isNarrowed} />, locale)).not.toBe("");
  });

  it("a reader who may not see names has no column for them", async () => {
    const { subjectRequests: words } = await loadMessages(locale);
    const masked = await textOf(
      <RequestsTable requests={[{ ...row, subjectName: null }]} isNarrowed={false} />,
      locale,
    );
    expect(masked).not.toContain(` ${words.columns.subject} `);
    const facts = await textOf(<RequestFacts request={{ ...request, seesPerson: false }} />, locale);
    expect(facts).toContain(words.detail.masked);
  });

  it("a request shows its rights with norm, deadline and source, and who must be asked", async () => {
    const { subjectRequests: words } = await loadMessages(locale);
    const text = await textOf(<RequestRights request={request} reopen={async () => ({ status: "idle" })} />, locale);
    for (const right of rightCodes) expect(text).toContain(rightOf(right).article);
    expect(text).toContain(words.clock.practice);
    expect(text.split(words.detail.counsel)).toHaveLength(2);
    const facts = await textOf(<RequestFacts request={request} />, locale);
    for (const part of [
      "Maria",
      "Ana",
      "24/12/2026",
      "02/01/2026 – …",
      "(11) 98765-4321",
      words.detail.unreadable,
      words.detail.proved,
    ])
      expect(facts).toContain(part);
  });

  it("the deadlines name law and practice, and are changed only by whoever may", async () => {
    const { subjectRequests: words } = await loadMessages(locale);
    const rows = deadlines({ isSmallAgent: false, changes: [] }).map((deadline) => ({
      ...{ ...deadline, article: rightOf(deadline.right).article, isChanged: deadline.right === "deletion" },
      limit: lawLimit(deadline.right, false),
    }));
    const text = await textOf(<DeadlinesTable deadlines={rows} />, locale);
    for (const part of [words.clock.law, words.clock.practice]) expect(text).toContain(part);
    for (const { source, article } of rows) for (const part of [source, article]) expect(text).toContain(part);
    expect(text.split(words.deadlines.changed)).toHaveLength(2);
    expect(await shown(<DeadlinesTable deadlines={rows} />, locale)).not.toContain("<button");
    const changeable = await shown(
      <DeadlinesTable deadlines={rows} change={async () => ({ status: "idle" })} />,
      locale,
    );
    expect(changeable.match(/<button/g)).toHaveLength(rightCodes.length);
  });

  it("the history names every event", async () => {
    const event = { id: "", stateFrom: null, stateTo: null, createdAt: now, right: null, reason: null, actor: null };
    const { subjectRequests } = await loadMessages(locale);
    const words: Record<string, string> = { ...subjectRequests.steps, ...subjectRequests.events };
    const kinds = Object.keys(words);
    const events = kinds.map((kind) => ({ ...event, id: kind, kind, actorType: "anonymous" as const }));
    const text = await textOf(<RequestHistory events={events} />, locale);
    expect(kinds).toEqual(expect.arrayContaining([...steps]));
    for (const kind of kinds) expect(text).toContain(words[kind]);
  });

  it("the form has a choice for each right, channel, requester and way to answer", async () => {
    const { subjectRequests: words } = await loadMessages(locale);
    const text = await textOf(
      <>
        <ReceiptFields timeZone="America/Sao_Paulo" now="2026-11-29T12:00" choices={choices} problem={noProblem} />
        <SubjectFields choices={choices} problem={noProblem} />
        <RightFields deadlines={deadlines({ isSmallAgent: false, changes: [] })} problem={noProblem} />
        <AnswerFields choices={choices} problem={noProblem} />
        {processStates.map((state) => (
          <StateBadge key={state} state={state} />
        ))}
      </>,
      locale,
    );
    const { web, ...byHand } = words.channels;
    expect(text).not.toContain(web);
    const named = [byHand, words.rights, words.requesters, words.answerChannels, words.answerForms];
    for (const name of named.flatMap((names) => Object.values(names))) expect(text).toContain(name);
  });
});

it("the problem of the rights is said once, and tied to the first box", async () => {
  const html = await shown(
    <RightFields
      deadlines={deadlines({ isSmallAgent: false, changes: [] })}
      problem={(path) => (path === "rights" ? "Choose." : undefined)}
    />,
    "en",
  );
  expect(html.match(/aria-invalid="true"/g)).toHaveLength(1);
  expect(html).toContain('aria-describedby="rights-error"');
});
