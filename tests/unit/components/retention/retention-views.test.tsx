import { NextIntlClientProvider } from "next-intl";
import type { ReactNode } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { DueNotice } from "@/components/recordings/due-notice";
import { DueCalendar } from "@/components/retention/due-calendar";
import { RetentionAlarms } from "@/components/overview/retention-alarms";
import { RetentionBanner } from "@/components/overview/retention-banner";
import { isOffered } from "@/lib/retention/policies/legal-bases";
import { CustodyFacts } from "@/components/recordings/recording-facts";
import { RunFigures } from "@/components/deletion/runs/run-figures";
import { RunRest } from "@/components/deletion/runs/run-rest";
import { RunNotice } from "@/components/deletion/runs/run-notice";
import { locales, type Locale } from "@/lib/i18n/locales";
import { loadMessages } from "@/lib/i18n/namespaces";
import type { RecordingFilters } from "@/lib/recordings/recording-filters";
import type { RecordingDetails } from "@/lib/recordings/read-recording";
import type { RetentionForecast } from "@/lib/retention/forecast-retention";
import type { RetentionRunReport } from "@/lib/deletion/runs/read-retention-run";

async function render(children: ReactNode, locale: Locale = "en"): Promise<string> {
  const problems: unknown[] = [];
  const html = renderToStaticMarkup(
    <NextIntlClientProvider
      locale={locale}
      messages={await loadMessages(locale)}
      timeZone="America/Sao_Paulo"
      now={new Date()}
      onError={(error) => problems.push(error)}
    >
      {children}
    </NextIntlClientProvider>,
  );
  expect(problems).toEqual([]);
  return html.replaceAll("&amp;", "&");
}

const forecast: RetentionForecast = {
  today: "2026-11-24",
  dueNow: { recordings: 3, sizeBytes: 3000 },
  doubtfulDate: 0,
  blocked: 0,
  held: 2,
  days: [
    { day: "2026-11-25", recordings: 0, sizeBytes: 0, held: 2, shares: [] },
    {
      day: "2026-11-26",
      recordings: 5,
      sizeBytes: 5000,
      held: 0,
      shares: [
        { policyId: "p-1", recordings: 4, sizeBytes: 4000 },
        { policyId: "p-2", recordings: 1, sizeBytes: 1000 },
      ],
    },
  ],
  policies: [
    { id: "p-1", name: "Sales", recordings: 4 },
    { id: "p-2", name: "Complaints", recordings: 1 },
  ],
};

describe("the retention calendar", () => {
  const list = (parameters: string) => `href="/recordings?state=stored&${parameters}"`;

  it.each(locales)("links each day, policy and number to the recordings that it counts: %s", async (locale) => {
    const html = await render(<DueCalendar waiting={0} forecast={forecast} />, locale);
    for (const parameters of [
      "held=no&dueTo=2026-11-24",
      "held=yes&dueTo=2026-11-26",
      "held=no&dueFrom=2026-11-26&dueTo=2026-11-26",
      "held=no&dueFrom=2026-11-26&dueTo=2026-11-26&policyId=p-2",
      "held=no&dueFrom=2026-11-25&dueTo=2026-11-26&policyId=p-1",
      "held=yes&dueFrom=2026-11-25&dueTo=2026-11-25",
    ])
      expect(html).toContain(list(parameters));
    expect(html).not.toContain(list("held=no&dueFrom=2026-11-25&dueTo=2026-11-25"));
    expect(html).not.toContain("style=");
  });

  it("has one keyboard stop for each day of the chart, with its number in words", async () => {
    const chart = /<svg role="group".*?<\/svg>/s.exec(
      await render(<DueCalendar waiting={0} forecast={forecast} />),
    )![0];
    const stops = [...chart.matchAll(/<a [^>]*>/g)]
      .map(([link]) => link)
      .filter((link) => !link.includes('tabindex="-1"'));
    expect(stops).toHaveLength(1);
    expect(stops[0]).toContain('aria-label="26/11/2026: 5 recordings to be deleted (5 kB)"');
    expect(chart).toContain("<title>26/11/2026, Complaints: 1 recording to be deleted</title>");
  });

  it.each(locales)("counts and links the recordings with a doubtful date, if there are any: %s", async (locale) => {
    const html = await render(<DueCalendar waiting={0} forecast={{ ...forecast, doubtfulDate: 11 }} />, locale);
    expect(html).toMatch(/href="\/recordings\?doubtfulDate=yes"[^>]*>11 (gravações|recordings)/);
    expect(await render(<DueCalendar waiting={0} forecast={forecast} />, locale)).not.toContain("doubtfulDate");
    const blocked = await render(<DueCalendar waiting={0} forecast={{ ...forecast, blocked: 3 }} />, locale);
    expect(blocked).toMatch(/href="\/recordings\?blocked=yes"[^>]*>3 (gravações|recordings)/);
    expect(await render(<DueCalendar waiting={0} forecast={forecast} />, locale)).not.toContain("blocked=");
  });

  it.each(locales)(
    "never says that nothing is due and no more while recordings are in deletion: %s",
    async (locale) => {
      const nothingDue = { ...forecast, dueNow: { recordings: 0, sizeBytes: 0 } };
      const html = await render(<DueCalendar waiting={8} forecast={nothingDue} />, locale);
      expect(html).toMatch(/href="#waiting"[^>]*>8 (gravações|recordings)/);
      expect(await render(<DueCalendar waiting={0} forecast={nothingDue} />, locale)).not.toContain("#waiting");
    },
  );

  it("shows that nothing falls due, and draws no chart", async () => {
    const html = await render(
      <DueCalendar
        waiting={0}
        forecast={{
          ...forecast,
          dueNow: { recordings: 0, sizeBytes: 0 },
          held: 0,
          policies: [],
          days: forecast.days.map(({ day }) => ({ day, recordings: 0, sizeBytes: 0, held: 0, shares: [] })),
        }}
      />,
    );
    expect(html).toContain("No recording falls due in the next 2 days.");
    expect(html).not.toContain("<svg role");
  });
});

describe("the list of a day", () => {
  const filters = { state: "stored", dueFrom: "2026-11-26", dueTo: "2026-11-26", policyId: "p-1" } as const;
  it.each(locales)("shows when the listed recordings are deleted, or that they stay: %s", async (locale) => {
    const said = (more: Partial<RecordingFilters>) => render(<DueNotice filters={{ ...filters, ...more }} />, locale);
    expect(await said({})).toContain("26/11/2026");
    expect(await said({ dueTo: "2026-11-30" })).toMatch(/26\/11\/2026.*30\/11\/2026/);
    const texts = await Promise.all([
      said({}),
      said({ dueTo: "2026-11-30" }),
      said({ dueFrom: undefined }),
      said({ dueTo: undefined }),
      said({ held: "yes" }),
    ]);
    expect(new Set(texts).size).toBe(5);
    expect(await said({ dueFrom: undefined, dueTo: undefined })).toBe("");
  });
});

describe("alarms", () => {
  const calm = {
    health: { overdue: false, lastRunAt: new Date() },
    hasPolicies: true,
    failedDeletions: 0,
    holdReviews: 0,
    policyReviews: [],
  };
  it("show each alarm with its link", async () => {
    const at = new Date("2026-11-20T12:00:00Z");
    const html = await render(
      <RetentionAlarms
        health={{ overdue: true, lastRunAt: at }}
        hasPolicies={false}
        failedDeletions={2}
        holdReviews={1}
        severeDiscrepancies={3}
        doubtfulDates={4}
        policyReviews={[{ id: "p-1", name: "Sales", reviewOn: "2026-01-31" }]}
        basisReviews={[{ id: "p-2", name: "Clinic" }]}
      />,
    );
    for (const said of [
      "no recording is accepted",
      "no run has finished in the last 26 hours",
      "20/11/2026 09:00",
      "2 recordings",
      "4 recordings",
      "1 legal hold",
      "should have been reviewed by 31/01/2026",
      "The policy “Clinic” covers recordings with sensitive content",
      'href="/retention/policies/p-2"',
    ])
      expect(html).toContain(said);
    for (const href of [
      "/retention/policies/presets",
      "/retention/runs",
      "#failed",
      "/retention/holds?state=review_due",
      "/retention/store-scan",
      "/recordings?doubtfulDate=yes",
      "/retention/policies/p-1",
    ])
      expect(html).toContain(`href="${href}"`);
    expect(await render(<RetentionAlarms {...calm} health={{ overdue: true, lastRunAt: null }} />)).toContain(
      "Retention has never run.",
    );
  });

  it("shows no alarms when nothing is due", async () => {
    for (const props of [calm, { ...calm, severeDiscrepancies: 0 }, {}])
      expect(await render(<RetentionAlarms {...props} />)).toContain("Nothing needs your attention.");
    expect(await render(<RetentionAlarms {...calm} doubtfulDates={0} />)).toContain("Nothing needs");
    expect(await render(<RetentionAlarms {...calm} doubtfulDates={1000} />)).toContain("1000 recordings or more");
    expect(await render(<RetentionAlarms {...calm} holdReviews={1} />)).not.toContain("Nothing needs");
  });

  it("show missing runs on every page", async () => {
    expect(await render(<RetentionBanner isOverdue />)).toMatch(/role="alert".*href="\/retention"/s);
    expect(await render(<RetentionBanner isOverdue={false} />)).toBe("");
  });
});

describe("what a run left", () => {
  const left = async (run: Partial<RetentionRunReport>, locale?: Locale) => {
    const ended = { state: "finished", held: 0, doubtfulDate: 0, blocked: 0, deleted: 0, remaining: 0, waiting: [] };
    return render(<RunRest run={{ ...ended, ...run } as unknown as RetentionRunReport} />, locale);
  };

  it.each(locales)("is told with the reason and the end of the wait of each: %s", async (locale) => {
    const html = await left(
      {
        ...{ remaining: 8, held: 2 },
        waiting: [
          { reason: "upload_link", recordings: 7, until: "2026-11-24T12:00:00.000Z" },
          { reason: "store_failed", recordings: 1, until: null },
        ],
      },
      locale,
    );
    expect(html).toContain(locale === "en" ? "Why nothing was deleted" : "Por que nada foi eliminado");
    expect(html).toMatch(/<li>7 (aguardam|wait).*24\/11\/2026.*<\/li><li>1 .*<\/li>.*<li>2 /s);
  });

  it("of a run that found nothing is that nothing was past its date", async () => {
    expect(await left({})).toContain("No recording was past its date or in deletion.");
    expect(await left({ deleted: 3 })).toBe("");
  });
});

describe("the report of a run", () => {
  const counts = {
    ...{ due: 5, marked: 5, deleted: 4, failed: 1, held: 2, bytesDeleted: 256, remaining: 1 },
    doubtfulDate: 7,
    blocked: 2,
  };
  const run = (state: RetentionRunReport["state"], failureCode: string | null = null): RetentionRunReport => ({
    ...{
      id: "run-1",
      startedAt: new Date(0),
      progressAt: new Date(0),
      finishedAt: state === "running" ? null : new Date(95_000),
      state,
      failureCode,
      ...counts,
    },
    ...{ byPolicy: [], byUnit: [], holds: [], waiting: [] },
  });

  it("counts held and remaining separately, and shows no counts for a run that did not end", async () => {
    const finished = await render(<RunFigures run={run("finished")} />);
    for (const figure of [">5<", ">4 · 256 B<", ">1<", ">2<", ">7<", ">01:35<"]) expect(finished).toContain(figure);
    for (const state of ["running", "interrupted"] as const)
      expect((await render(<RunFigures run={run(state)} />)).match(/not counted/g)).toHaveLength(4);
    const none = { ...run("finished"), blocked: 0 };
    expect(await render(<RunFigures run={none} />)).not.toContain("lifts the block");
    expect(finished).toContain("until a person confirms or corrects it");
    expect(finished).toContain("lifts the block");
  });

  it.each(locales)("explains every result other than success: %s", async (locale) => {
    expect(await render(<RunNotice run={run("finished")} />, locale)).toBe("");
    const said = await Promise.all(
      [
        ...(["running", "out_of_time", "interrupted"] as const).map((state) => run(state)),
        ...["store_failed", "erasure_ledger_ahead", "internal", null].map((code) => run("failed", code)),
      ].map((one) => render(<RunNotice run={one} />, locale)),
    );
    expect(new Set(said).size).toBe(6);
  });
});

describe("the facts of a recording", () => {
  const recording = {
    ...{ id: "r-1", state: "stored", source: "central", sourceCallId: "c-1", triggers: {}, encryption: null },
    ...{
      unit: { name: "Suporte", timeZone: "America/Sao_Paulo" },
      contentType: "audio/wav",
      sizeBytes: 64,
      sha256: null,
    },
    ...{ createdAt: new Date(0), storedAt: new Date(0), policy: null, minimum: null, deletionReason: null },
    handling: { sensitiveContent: "unknown" },
    ...{ retainUntil: new Date("2026-03-01T03:00:00Z"), verifiedAt: null, deletingAt: null, deletedAt: null },
  } as unknown as RecordingDetails;

  it.each(locales)("show the last day of its retention: %s", async (locale) => {
    // A stored date is the first instant after the last day.
    expect(await render(<CustodyFacts recording={recording} isBasisOffered />, locale)).toContain("28/02/2026");
  });

  it.each([
    ["art7_ix", "yes", true],
    ["art11_ii_a", "yes", false],
    ["art7_ix", "no", false],
  ] as const)("of %s and sensitive content %s warn: %s", async (legalBasis, sensitiveContent, warns) => {
    const policy = { id: "p-1", name: "Sales", version: 1, legalBasis };
    const facts = { ...recording, policy } as never;
    const shown = await render(
      <CustodyFacts recording={facts} isBasisOffered={isOffered(legalBasis, sensitiveContent)} />,
    );
    expect(shown.includes("needs one of Art. 11")).toBe(warns);
  });
});
