import { mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { parse } from "csv-parse/sync";
import { eq } from "drizzle-orm";
import { extractText, getDocumentProxy } from "unpdf";
import { beforeAll, describe, expect, it } from "vitest";
import { configuredPublicKeys } from "@/lib/audit/signing-keys";
import { changeOversightSettings } from "@/lib/compliance/oversight/change-oversight-settings";
import { enqueueDueReports } from "@/lib/compliance/reports/enqueue-due-reports";
import { listReports } from "@/lib/compliance/reports/list-reports";
import { lastPeriod, periodBefore } from "@/lib/compliance/reports/report-period";
import { requestReport } from "@/lib/compliance/reports/request-report";
import { verifyReport } from "@/lib/compliance/reports/report-statement";
import { openReportFile, takeReportFile } from "@/lib/compliance/reports/take-report-file";
import { newId } from "@/lib/core/new-id";
import { startOfDay, today } from "@/lib/core/time";
import { database } from "@/lib/db/client";
import { auditReportFiles, auditReports, messages } from "@/lib/db/schema";
import { reportFileKinds } from "@/lib/db/schema/audit-reports";
import { enqueueReportDeletions } from "@/lib/deletion/reports/enqueue-report-deletions";
import { grantPlayback } from "@/lib/playback/grant-playback";
import { recordBytesSent } from "@/lib/playback/record-bytes-sent";
import { findUnknownKeys } from "@/lib/store-scan/compare/find-unknown-keys";
import { contextOf, eventsOf, expectRefusal, person, type Person } from "../../support/actors";
import { workOff } from "../../support/background-jobs";
import { sealAll } from "../../support/deletions";
import { daysAgo, isOnDisk, job, policy, storedRecording, unitWithQueue } from "../../support/recordings";

let [auditor, dpo, supervisor]: Person[] = [];
const asAuditor = () => contextOf(auditor!.actor);
const period = () => ({ from: today(), to: today() });

beforeAll(async () => {
  [auditor, dpo] = [await person("auditor"), await person("dpo")];
  const { unitId } = await unitWithQueue();
  supervisor = await person("supervisor", { unitIds: [unitId], name: "=Ana; Souza" });
  await policy(365);
  const { id: recordingId } = await storedRecording({ unitId, startedAt: daysAgo(3) });
  const asked = { recordingId, purpose: "training" as const, reference: "OS-1" };
  for (let count = 0; count < 3; count += 1) {
    const { grantId } = await grantPlayback(contextOf(supervisor.actor), asked);
    const sent = { grantId, start: 0, endExclusive: 10, isLast: true };
    if (count > 0) await recordBytesSent(contextOf(supervisor.actor), sent);
  }
  await sealAll();
});

async function bytesOf(reportId: string, kind: Parameters<typeof takeReportFile>[1]["kind"], context = asAuditor()) {
  const taken = await takeReportFile(context, { reportId, kind });
  const pieces = [];
  for await (const piece of await openReportFile(taken)) pieces.push(piece);
  return { name: taken.name, body: Buffer.concat(pieces) };
}

async function made(locale: "pt-BR" | "en" = "pt-BR"): Promise<string> {
  const { reportId } = await requestReport(asAuditor(), { reportId: newId(), ...period(), locale });
  await workOff("audit_report");
  return reportId;
}

describe("periods", () => {
  it("are the last whole month and quarter, and compared with as many months or days before", () => {
    expect(lastPeriod("monthly", "2026-01-15")).toEqual({ from: "2025-12-01", to: "2025-12-31" });
    expect(lastPeriod("monthly", "2026-03-01")).toEqual({ from: "2026-02-01", to: "2026-02-28" });
    expect(lastPeriod("quarterly", "2026-02-28")).toEqual({ from: "2025-10-01", to: "2025-12-31" });
    expect(lastPeriod("quarterly", "2026-12-31")).toEqual({ from: "2026-07-01", to: "2026-09-30" });
    expect(periodBefore({ from: "2026-03-01", to: "2026-03-31" })).toEqual({ from: "2026-02-01", to: "2026-02-28" });
    expect(periodBefore({ from: "2026-01-01", to: "2026-03-31" })).toEqual({ from: "2025-10-01", to: "2025-12-31" });
    expect(periodBefore({ from: "2026-03-01", to: "2026-03-10" })).toEqual({ from: "2026-02-19", to: "2026-02-28" });
  });
});

describe("a report", () => {
  it("is made once, kept encrypted in the store, and the auditors are told without content", async () => {
    const context = asAuditor();
    const reportId = newId();
    await requestReport(context, { reportId, ...period() });
    await requestReport(context, { reportId, ...period() });
    expect(await eventsOf(context)).toMatchObject([{ action: "audit_report.requested", targetId: reportId }]);
    await expectRefusal(takeReportFile(asAuditor(), { reportId, kind: "pdf" }), "not_found");
    expect((await workOff("audit_report")).audit_report).toMatchObject({ done: 1, failed: 0 });
    const [report] = await database().select().from(auditReports).where(eq(auditReports.id, reportId));
    expect(report).toMatchObject({ state: "ready", verdict: "whole", storingUntil: null });
    const files = await database().select().from(auditReportFiles).where(eq(auditReportFiles.reportId, reportId));
    const keys = files.map(({ objectKey }) => objectKey!);
    expect(files.map(({ kind }) => kind).toSorted()).toEqual([...reportFileKinds].toSorted());
    expect(isOnDisk(keys)).toBe(true);
    expect(await findUnknownKeys(contextOf({ type: "job", name: "store-scan" }), { keys })).toEqual([]);
    const told = await database().select().from(messages).where(eq(messages.referenceId, reportId));
    expect(told).toMatchObject([{ template: "report_ready", channel: "email" }]);
    const listed = (await listReports(contextOf(dpo!.actor), {})).rows.find(({ id }) => id === reportId);
    expect(listed).toMatchObject({ from: today(), to: today(), requestedBy: "Pessoa auditor" });
  });

  it("is a PDF in Portuguese, with the figures and how to verify", async () => {
    const { body, name } = await bytesOf(await made(), "pdf");
    const { text } = await extractText(await getDocumentProxy(new Uint8Array(body)), { mergePages: true });
    expect(name).toMatch(/^custodia-R-\d{8}-\d{8}-[0-9A-F]{8}\.pdf$/);
    for (const part of ["Relatório da trilha de auditoria", "está íntegra", "Reproduções · =Ana; Souza"])
      expect(text).toContain(part);
    expect(text).toContain("npm run audit -- verify-report");
  });

  it("is in English by choice", async () => {
    const { body } = await bytesOf(await made("en"), "pdf");
    const { text } = await extractText(await getDocumentProxy(new Uint8Array(body)), { mergePages: true });
    expect(text).toContain("The audit log of the period was verified and is whole.");
    expect(text).not.toContain("Reproduções");
  });

  it("has CSV files that Excel in Brazil opens, one value in a column, no formula", async () => {
    const reportId = await made();
    const read = async (kind: "figures" | "accesses") => {
      const text = (await bytesOf(reportId, kind)).body.toString();
      expect(text.startsWith("\uFEFF")).toBe(true);
      expect(text.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
      return parse(text, { bom: true, delimiter: ";", columns: true }) as Record<string, string>[];
    };
    const figures = await read("figures");
    const plays = figures.find((row) => row["Indicador"] === "Reproduções" && row["Detalhe"] === "");
    expect(plays).toMatchObject({ Seção: "Acesso às gravações", Período: "2", Anterior: "0", Diferença: "2" });
    const accesses = await read("accesses");
    expect(accesses.map((row) => row["Áudio enviado"]).toSorted()).toEqual(["Não", "Sim", "Sim"]);
    expect(accesses[0]).toMatchObject({ Pessoa: "'=Ana; Souza", Acesso: "Reprodução", Unidade: "Cobrança" });
    expect(accesses[0]!["Data e hora"]).toMatch(/^\d\d\/\d\d\/\d{4} \d\d:\d\d:\d\d$/);
  });

  it("is verified with the public key alone, and not once a file was altered", async () => {
    const reportId = await made();
    const folder = await mkdtemp(path.join(tmpdir(), "custodia-report-"));
    for (const kind of [...reportFileKinds, "statement"] as const) {
      const { name, body } = await bytesOf(reportId, kind);
      await writeFile(path.join(folder, name), body);
    }
    const names = await readdir(folder);
    const statement = await readFile(
      path.join(
        folder,
        names.find((name) => name.endsWith(".json"))!,
      ),
      "utf8",
    );
    const keys = configuredPublicKeys();
    expect(await verifyReport(statement, folder, keys)).toMatchObject({ holds: true, report: { verdict: "whole" } });
    const altered = path.join(
      folder,
      names.find((name) => name.endsWith("figures.csv"))!,
    );
    await writeFile(altered, `${await readFile(altered, "utf8")} `);
    expect(await verifyReport(statement, folder, keys)).toMatchObject({
      ...{ holds: false, problems: [expect.stringContaining("is not the one that was signed")] },
    });
    const lied = statement.replace('"whole"', '"broken"');
    expect((await verifyReport(lied, folder, keys)).problems.join()).toContain("signature is not valid");
  });

  it("is downloaded with an event; who administers sees only that there is one", async () => {
    const reportId = await made();
    const context = asAuditor();
    await bytesOf(reportId, "figures", context);
    expect(await eventsOf(context)).toMatchObject([
      { action: "audit_report.taken", details: { reportFile: "figures" } },
    ]);
    const admin = await person("admin");
    await expectRefusal(takeReportFile(contextOf(admin.actor), { reportId, kind: "pdf" }), "forbidden");
    expect((await listReports(contextOf(admin.actor), {})).mayTake).toBe(false);
  });

  it("is refused for a period that is not over, backwards or too long", async () => {
    const ask = (from: string, to: string) => requestReport(asAuditor(), { reportId: newId(), from, to });
    const tomorrow = today(startOfDay(today(), 1));
    await expectRefusal(ask(today(), tomorrow), "invalid_input", { to: "in_the_future" });
    await expectRefusal(ask("2026-02-01", "2026-01-01"), "invalid_input", { to: "before_start" });
    await expectRefusal(ask("2024-01-01", "2026-01-01"), "invalid_input", { to: "too_long" });
  });

  it("says that nothing was verified of a period without sealed events", async () => {
    const { reportId } = await requestReport(asAuditor(), { reportId: newId(), from: "2020-01-01", to: "2020-01-31" });
    await workOff("audit_report");
    const [report] = await database().select().from(auditReports).where(eq(auditReports.id, reportId));
    expect(report!.verdict).toBe("nothing_to_verify");
  });

  it("is deleted after its date and not before, with its keys", async () => {
    const reportId = await made();
    const [file] = await database().select().from(auditReportFiles).where(eq(auditReportFiles.reportId, reportId));
    expect(await enqueueReportDeletions(job(), {})).toEqual({ due: 0 });
    await database().update(auditReports).set({ keepUntil: "2026-01-01" }).where(eq(auditReports.id, reportId));
    expect(await enqueueReportDeletions(job(), {})).toEqual({ due: 1 });
    await workOff("audit_report_deletion");
    const [gone] = await database().select().from(auditReports).where(eq(auditReports.id, reportId));
    expect(gone).toMatchObject({ state: "deleted", deletionProof: [{ store: "disk", objectKeys: 4 }] });
    expect(isOnDisk([file!.objectKey!])).toBe(false);
    await expectRefusal(takeReportFile(asAuditor(), { reportId, kind: "pdf" }), "not_found");
  });
});

describe("the schedule", () => {
  const due = (day: string) => enqueueDueReports(contextOf({ type: "job", name: "audit-report" }), { day });
  const nextMonth = () => `${Number(today().slice(0, 4)) + 1}-01-05`;

  it("asks for each period once, and for none before the log began", async () => {
    await changeOversightSettings(contextOf(dpo!.actor), { schedules: ["monthly", "quarterly"] });
    expect(await due("2020-05-05")).toEqual({ requested: 0 });
    expect(await due(nextMonth())).toEqual({ requested: 2 });
    expect(await due(nextMonth())).toEqual({ requested: 0 });
  });

  it("asks for nothing once it is switched off", async () => {
    await changeOversightSettings(contextOf(dpo!.actor), { schedules: ["none"] });
    expect(await due(`${Number(today().slice(0, 4)) + 2}-01-05`)).toEqual({ requested: 0 });
  });
});
