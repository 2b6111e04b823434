import fc from "fast-check";
import { NextIntlClientProvider } from "next-intl";
import type { ReactNode } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { brazilianTimeZones } from "@/lib/access/units/brazilian-time-zones";
import { seedCount } from "../../support/seeds";

/** From the years with summer time, which ended in 2019, to the next decade. */
const instants = fc.date({ min: new Date("1986-01-01"), max: new Date("2036-01-01"), noInvalidDate: true });
/** The minutes around the changes of the clock: in São Paulo, Campo Grande and Cuiabá midnight did not exist. */
const changes = ["2017-10-15", "2018-02-18", "2018-11-04", "2019-02-17"].map((day) => new Date(`${day}T03:00:00Z`));
const atChange = fc
  .tuple(fc.constantFrom(...changes), fc.integer({ min: -120, max: 120 }))
  .map(([change, minutes]) => new Date(change.getTime() + minutes * 60_000));
const moments = fc.oneof(instants, atChange);
const runs = { numRuns: seedCount(2000), seed: Number(process.env.SEED ?? 1) };

/** What of the portal shows times, as it is with a controller in a zone. */
async function portalIn(zone: string) {
  process.env.CONTROLLER_TIME_ZONE = zone;
  vi.resetModules();
  const [time, format, certificate, letters, { TimeText }, { KeptUntil }, { printPreview }] = await Promise.all([
    import("@/lib/core/time"),
    import("@/lib/i18n/format"),
    import("@/lib/receipts/pdf/certificate-words"),
    import("@/lib/subject-requests/letter/letter-words"),
    import("@/components/ui/time-text"),
    import("@/components/recordings/kept-until"),
    import("@/scripts/print-retention"),
  ]);
  const render = (children: ReactNode) =>
    renderToStaticMarkup(
      <NextIntlClientProvider locale="pt-BR" messages={{}} timeZone={zone} now={new Date(0)}>
        {children}
      </NextIntlClientProvider>,
    );
  const textOf = (children: ReactNode) => render(children).replaceAll(/<[^>]*>/g, "");
  return {
    time,
    format,
    certificate,
    words: await letters.letterWords("pt-BR"),
    TimeText,
    KeptUntil,
    printPreview,
    textOf,
  };
}

/** "24/11/2026 14:16:49" as a terminal has it. */
const asTerminal = (text: string) => text.replace(/^(\d\d)\/(\d\d)\/(\d{4})/, "$3-$2-$1");

describe.each(["America/Sao_Paulo", "America/Manaus", "America/Noronha", "America/Rio_Branco"])(
  "with a controller in %s",
  (zone) => {
    let portal: Awaited<ReturnType<typeof portalIn>>;
    beforeAll(async () => void (portal = await portalIn(zone)));
    afterAll(() => void delete process.env.CONTROLLER_TIME_ZONE);

    test("page, certificate, CSV, letter and command say one time of one act", () => {
      const { TimeText, textOf, certificate, format, words, time } = portal;
      fc.assert(
        fc.property(moments, (instant) => {
          const page = textOf(<TimeText value={instant} as="seconds" />);
          expect(certificate.moment(instant.toISOString())).toBe(page);
          expect(format.formatDateTime(instant, zone, { seconds: true })).toBe(page);
          expect(words.time(instant, zone, { seconds: true })).toBe(page);
          expect(time.localDateTime(instant, zone).replace("T", " ")).toBe(asTerminal(page));
          const terminal = time.terminalTime(instant, zone, { seconds: true });
          expect(terminal.slice(0, 19)).toBe(asTerminal(page));
          expect(new Date(terminal.replace(" ", "T").replace(" ", "")).getTime()).toBe(
            Math.floor(instant.getTime() / 1000) * 1000,
          );
        }),
        runs,
      );
    });

    test("page, certificate, letter and command say one last day of one until, and it is inclusive", () => {
      const { KeptUntil, textOf, certificate, words, time, printPreview } = portal;
      fc.assert(
        fc.property(moments, fc.integer({ min: 1, max: 400 }), (from, days) => {
          const until = time.endOfPeriod(from, { value: days, unit: "day" }, zone);
          const page = textOf(<KeptUntil retainUntil={until} />);
          expect(certificate.lastDay(until.toISOString())).toBe(`${page}, inclusive`);
          const day = time.lastDayUntil(until, zone);
          expect(words.calendarDay(day)).toBe(page);
          expect(day).toBe(asTerminal(page));
          // Inclusive: the whole day is before the until, and no moment of the next.
          expect(time.localDateTime(new Date(until.getTime() - 1), zone).slice(0, 10)).toBe(day);
          expect(time.startOfDay(day, 1).getTime()).toBe(until.getTime());
          const listed = { recordingId: "r", unit: { code: "u", name: "U" }, queue: null, startedAt: from };
          const policy = { id: "p", name: "P", version: 1 };
          const preview = {
            ...{ recordings: [{ ...listed, retainUntil: until, policy }], nextCursor: null, totals: [] },
            ...{ waitingForChange: 0, doubtfulDate: 0, blocked: 0 },
          };
          const printed = printPreview(preview, { total: 0, reasons: [], recordings: [] }, zone);
          expect(printed).toMatch(new RegExp(`  ${day} +P \\(version 1\\)$`, "m"));
        }),
        // The day that ends has no midnight.
        { ...runs, examples: [[new Date("1986-01-01"), 298]] },
      );
    });

    test("a call's time is the unit's, with its offset where that is another zone than the controller's", () => {
      const { TimeText, textOf, format } = portal;
      fc.assert(
        fc.property(moments, fc.constantFrom(...brazilianTimeZones), (instant, unitZone) => {
          const page = textOf(<TimeText value={instant} timeZone={unitZone} as="seconds" />);
          const [, shown, offset] = /^(\S+ \S+)(?: \(UTC([+-]\d\d:\d\d)\))?$/.exec(page)!;
          expect(shown).toBe(format.formatDateTime(instant, unitZone, { seconds: true }));
          expect(offset === undefined).toBe(unitZone === zone);
          if (offset === undefined) return;
          const [day, clock] = asTerminal(shown!).split(" ");
          expect(new Date(`${day}T${clock}${offset}`).getTime()).toBe(Math.floor(instant.getTime() / 1000) * 1000);
          // An act beside it, in the controller's zone, has its offset as well.
          expect(textOf(<TimeText value={instant} beside={unitZone} />)).toMatch(/ \(UTC[+-]\d\d:\d\d\)$/);
        }),
        runs,
      );
    });
  },
);

test("the deletion of a call in Manaus has one time, on the page and on the certificate", async () => {
  const { certificate, TimeText, textOf } = await portalIn("America/Sao_Paulo");
  const deletedAt = new Date("2026-11-24T18:16:49Z");
  expect(certificate.moment(deletedAt.toISOString())).toBe("24/11/2026 15:16:49");
  expect(textOf(<TimeText value={deletedAt} beside="America/Manaus" as="seconds" />)).toBe(
    "24/11/2026 15:16:49 (UTC-03:00)",
  );
  delete process.env.CONTROLLER_TIME_ZONE;
});
