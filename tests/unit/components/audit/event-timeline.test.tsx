import { NextIntlClientProvider } from "next-intl";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import { EventTimeline } from "@/components/audit/event-timeline";
import { IntegrityPanel } from "@/components/audit/integrity-panel";
import { auditActions } from "@/lib/operation/audit-actions";
import type { AuditEventItem } from "@/lib/audit/event-descriptions";
import { locales } from "@/lib/i18n/locales";
import { loadMessages } from "@/lib/i18n/namespaces";

const event = (action: string): AuditEventItem => ({
  id: `id-of-${action}`,
  occurredAt: new Date("2026-03-01T12:00:00.123Z"),
  action,
  outcome: "denied",
  actor: { type: "user", id: "user-1", name: "Ana", role: "auditor" },
  target: { type: "recording", id: "recording-1", object: null },
  unitName: "Cobrança",
  requestId: "request-1",
  ipAddress: "192.0.2.1",
  details: { purpose: "training", unheardOf: ["a", "b"], yes: true, none: null },
  seal: action === "access.denied" ? null : 7,
});

it.each(locales)("shows every action and the panel in %s without a missing message", async (locale) => {
  const problems: unknown[] = [];
  const integrity = {
    lastSeal: { sequence: 7, sealedAt: new Date(), signingKeyId: "k1" },
    lastAnchor: null,
    waiting: { count: 2, oldestAt: new Date() },
    unanchored: 1,
    held: null,
    leavesCounters: false,
    witnesses: [],
    timestamps: null,
    isLate: true,
  };
  const witness = { name: "w.example/1", failure: null, failingSince: null, knownSize: null, isUnknown: false };
  const witnesses = [
    { ...witness, newest: { sequence: 5, cosignedAt: new Date() }, isLate: false, isConflict: false },
    { ...witness, newest: null, failure: "witness_conflict", isLate: true, isConflict: true },
    { ...witness, newest: null, failure: "http_503", isLate: true, isConflict: false },
    { ...witness, newest: null, failure: "witness_unknown_log", isLate: false, isConflict: false, isUnknown: true },
  ];
  const newest = { sequence: 5, stampedAt: new Date() };
  const timestamps = { newest, failure: "tsa_refused", isLate: true };
  const transaction = { pid: 4711, role: "custodia_owner", startedAt: null };
  const held = { seconds: 27, waiting: 2, oldestAt: new Date(), transaction };
  const siem = {
    ...{ receiver: "otlp siem.example.com", startedAt: new Date(), lastDeliveredAt: new Date(), lastEventId: "e1" },
    ...{ deliveredEvents: 5, waiting: { events: 3, isAtLeast: false }, waitingSince: new Date(), isStopped: true },
    failure: { code: "http_503", at: new Date(), tries: 4 },
    rejections: [
      { id: "r1", createdAt: new Date(), firstEventId: "e2", lastEventId: "e3", events: 9, rejected: 2, reply: null },
    ],
  };
  const html = renderToStaticMarkup(
    <NextIntlClientProvider
      locale={locale}
      messages={await loadMessages(locale)}
      timeZone="America/Sao_Paulo"
      now={new Date()}
      onError={(error) => problems.push(error)}
    >
      <EventTimeline events={[...auditActions, "unknown.action"].map(event)} linkedTargets={["recording"]} hasMore />
      <EventTimeline
        events={[{ ...event("session.ended"), actor: { type: "job", id: "seal", name: null, role: null } }]}
      />
      <IntegrityPanel integrity={{ ...integrity, held, leavesCounters: true }} />
      <IntegrityPanel integrity={{ ...integrity, witnesses, timestamps }} />
      <IntegrityPanel integrity={{ ...integrity, isLate: false, timestamps: { ...timestamps, newest: null } }} />
      <IntegrityPanel integrity={{ ...integrity, isLate: false, witnesses: witnesses.slice(2, 3) }} />
      <IntegrityPanel integrity={{ ...integrity, witnesses: witnesses.slice(3) }} />
      <IntegrityPanel integrity={integrity} siem={siem} />
    </NextIntlClientProvider>,
  );
  expect(problems).toEqual([]);
  expect(html).toContain("01/03/2026 09:00:00");
  expect(html).toContain('href="/recordings/recording-1"');
  expect(html).toMatch(/27 s: .* 2 event/);
  expect(html).toContain("4711");
  for (const text of ["otlp siem.example.com", "503", "e2"]) expect(html).toContain(text);
  for (const code of [" unknown.action", "unheardOf", ">training<"]) expect(html).not.toContain(code);
  expect(html).toContain(locale === "en" ? "Ana performed an action" : "Ana realizou uma ação");
});

it.each([
  ["success", "A forma de onda da gravação foi calculada"],
  ["failure", "A forma de onda da gravação não pôde ser calculada"],
] as const)("a sentence about %s says no more than happened", async (outcome, sentence) => {
  const html = renderToStaticMarkup(
    <NextIntlClientProvider
      locale="pt-BR"
      messages={await loadMessages("pt-BR")}
      timeZone="America/Sao_Paulo"
      now={new Date()}
    >
      <EventTimeline events={[{ ...event("recording.waveform_computed"), outcome }]} />
    </NextIntlClientProvider>,
  );
  expect(html).toContain(sentence);
});
