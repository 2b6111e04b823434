import { parse } from "csv-parse/sync";
import { readXlsx } from "hucre/xlsx";
import { beforeAll, describe, expect, it } from "vitest";
import { exportAuditLog } from "@/lib/audit/export-audit-log";
import { database } from "@/lib/db/client";
import { users } from "@/lib/db/schema";
import { exportResponse } from "@/lib/http/audit-export-response";
import { auditEvent } from "@/lib/operation/audit-event";
import { recordAuditEvents } from "@/lib/operation/event-append";
import { account } from "../../support/people";
import { auditorContext, emptyLog } from "../../support/log-under-test";

const name = '=cmd|"Maria"; de\nSouza _x0041_ 00123';
const reference = "00012345678901234567";
let targetId: string;

beforeAll(async () => {
  await emptyLog();
  targetId = (await account("supervisor")).userId;
  await database().update(users).set({ name });
  const target = { type: "user", id: targetId };
  await recordAuditEvents(
    auditorContext(),
    auditEvent("user.updated", { target, details: { reference, role: "dpo", roleBefore: "admin", sizeBytes: 12 } }),
    auditEvent("access.denied", { outcome: "denied", details: { permission: "audit-event:export" } }),
    auditEvent("user.updated", { target, details: { unitIds: ["a", "b"], isDefault: true } }),
  );
});

type Format = { format: "csv" | "xlsx"; locale?: "pt-BR" | "en"; action?: string };

const bytesOf = async (input: Format) =>
  Buffer.from(await exportResponse(await exportAuditLog(auditorContext(), input as never)).arrayBuffer());

const csv = async (locale: "pt-BR" | "en" = "pt-BR") =>
  (await bytesOf({ format: "csv", locale, action: "user.updated,access.denied" })).toString();

const rowsOf = (text: string) => parse<Record<string, string>>(text, { delimiter: ";", bom: true, columns: true });

describe("the CSV", () => {
  it("is as Excel in Portuguese reads it, with translated headers, and no formula", async () => {
    const text = await csv();
    expect(text.startsWith("\uFEFFQuando (")).toBe(true);
    expect(text.split("\r\n")[0]).toContain(";Evento;Código do evento;Resultado;");
    const rows = rowsOf(text);
    expect(rows).toHaveLength(3);
    for (const row of rows) expect(Object.keys(row)).toEqual(Object.keys(rows[0]!));
    const updated = rows.filter((row) => row["Código do evento"] === "user.updated");
    expect(updated.map((row) => row["Objeto"])).toEqual([`'${name}`, `'${name}`]);
    expect(rows.find((row) => row["Resultado"] === "Negado")).toMatchObject({
      "Código do evento": "access.denied",
      "De quem": "Pessoa",
      Perfil: "Auditoria",
      "Endereço IP": "192.0.2.7",
    });
  });

  it("has one column for each detail that occurs, its codes as words", async () => {
    const rows = rowsOf(await csv());
    const details = Object.keys(rows[0]!).filter((header) => header.startsWith("Detalhe: "));
    expect(details).toHaveLength(7);
    const [last, , first] = rows;
    expect(first).toMatchObject({ "Detalhe: Referência": reference, "Detalhe: Tamanho (bytes)": "12" });
    expect(first!["Detalhe: Perfil"]).toBe("Encarregado (DPO)");
    expect(last).toMatchObject({ "Detalhe: Unidades": "a, b", "Detalhe: Referência": "" });
    expect(Object.values(last!)).toContain("Sim");
  });

  it("is in English where it was asked so", async () => {
    const [row] = rowsOf(await csv("en"));
    expect(row).toMatchObject({ "Event code": "user.updated", Outcome: "Succeeded", Whose: "Person" });
  });

  it("has only what was committed when it began", async () => {
    const response = exportResponse(await exportAuditLog(auditorContext(), { format: "csv" }));
    const reader = response.body!.getReader();
    const first = Buffer.from((await reader.read()).value!).toString();
    await recordAuditEvents(auditorContext(), auditEvent("audit_log.exported", { details: { later: true } }));
    const pieces = [first];
    for (let next = await reader.read(); !next.done; next = await reader.read())
      pieces.push(Buffer.from(next.value).toString());
    const rows = rowsOf(pieces.join(""));
    expect(rows.map((row) => row["Código do evento"])).toContain("audit_log.exported");
    expect(Object.keys(rows[0]!)).not.toContain("Detalhe: later");
    expect(Object.keys(rowsOf((await bytesOf({ format: "csv" })).toString())[0]!)).toContain("Detalhe: later");
  });
});

describe("the workbook", () => {
  it("keeps zeros, long numbers, and every letter of a name, and has real dates", async () => {
    const bytes = await bytesOf({ format: "xlsx", action: "user.updated" });
    const { sheets } = await readXlsx(bytes, { parseDates: true } as never);
    expect(sheets.map((sheet) => sheet.name)).toEqual(["Trilha de auditoria"]);
    const [headers, , first] = sheets[0]!.rows;
    const cell = (header: string) => first![headers!.indexOf(header)];
    expect(cell("Detalhe: Referência")).toBe(reference);
    expect(cell("Objeto")).toBe(name);
    expect(cell("Detalhe: Tamanho (bytes)")).toBe(12);
    const when = first![0];
    const local = new Date(Date.now() - 3 * 3_600_000);
    expect(when).toBeInstanceOf(Date);
    expect(Math.abs(Number(when) - Number(local))).toBeLessThan(600_000);
  });
});
