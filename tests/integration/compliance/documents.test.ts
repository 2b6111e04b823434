import { sql } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { createUnit } from "@/lib/access/units/create-unit";
import { configuredPublicKeys } from "@/lib/audit/signing-keys";
import { adoptDocument } from "@/lib/compliance/documents/adopt-document";
import { issueDocument } from "@/lib/compliance/documents/issue-document";
import { readDocument } from "@/lib/compliance/documents/read-document";
import { saveDocument } from "@/lib/compliance/documents/save-document";
import { documentProblem } from "@/lib/compliance/documents/signed-document";
import { database } from "@/lib/db/client";
import { governanceDocuments } from "@/lib/db/schema";
import { extractText, getDocumentProxy } from "unpdf";
import { contextOf, eventsOf, expectRefusal, person, type Person } from "../../support/actors";
import { policy } from "../../support/recordings";

let [dpo, auditor, admin]: Person[] = [];
const asDpo = () => contextOf(dpo!.actor);
type Kind = "processing" | "impact" | "balancing";
const read = (kind: Kind, version?: number) => readDocument(contextOf(auditor!.actor), { kind, version });
const words = "Controle de qualidade pedido por Fulana";

beforeAll(async () => {
  [dpo, auditor, admin] = [await person("dpo"), await person("auditor"), await person("admin")];
  await policy(365);
});

async function attachmentAndText(pdf: Buffer) {
  const opened = await getDocumentProxy(new Uint8Array(pdf));
  const [id] = [...((await opened.getAttachments()) as Map<string, unknown>).keys()];
  const content = (await opened.getAttachmentContent(id!)) as unknown as Uint8Array;
  const { text } = await extractText(opened, { mergePages: true });
  return { json: Buffer.from(content).toString(), text: text.replaceAll(/\s+/g, " ") };
}

describe("the register of processing", () => {
  it("shows what the system knows before anybody saved it", async () => {
    const { latest, shown, sections, texts, mayWrite } = await read("processing");
    expect([latest, shown, mayWrite]).toEqual([0, null, false]);
    const keys = [
      "controller",
      "operations",
      "data",
      "terms",
      "units",
      "retention",
      "recipients",
      "storage",
      "measures",
    ];
    expect(sections.map(({ key }) => key)).toEqual(keys);
    expect(texts.map(({ key }) => key)).toContain("database");
    await expectRefusal(issueDocument(asDpo(), { kind: "processing" }), "not_found");
  });

  it("keeps versions with author and date, texts encrypted and out of the log, their digest in it", async () => {
    const [context, again] = [asDpo(), asDpo()];
    const saving = { kind: "processing" as const, version: 0, texts: { recording: words, observations: " " } };
    expect(await saveDocument(context, saving)).toEqual({ version: 1 });
    expect(await saveDocument(again, saving)).toEqual({ version: 1 });
    expect(await eventsOf(again)).toEqual([]);
    const { shown, texts, versions } = await read("processing");
    expect(await eventsOf(context)).toMatchObject([
      { action: "governance_document.saved", details: { documentKind: "processing", sha256: shown!.sha256 } },
    ]);
    expect(JSON.stringify(await eventsOf(context))).not.toContain("Fulana");
    const [row] = await database().select().from(governanceDocuments);
    expect(row!.contentEncrypted.includes("Fulana")).toBe(false);
    expect(texts.find(({ key }) => key === "recording")).toMatchObject({ text: words, by: "Pessoa dpo" });
    expect(versions).toMatchObject([{ version: 1, savedBy: "Pessoa dpo", adoptedAt: null }]);
  });

  it("says when the configuration differs from the last version, and what a version changed", async () => {
    expect((await read("processing")).differences).toEqual({ added: [], removed: [] });
    await createUnit(contextOf(admin!.actor), { code: "nova", name: "Unidade nova", timeZone: "America/Manaus" });
    const { differences } = await read("processing");
    expect(differences).toEqual({ added: ["Unidades · Unidade nova · Fuso horário: America/Manaus"], removed: [] });
    await expectRefusal(saveDocument(asDpo(), { kind: "processing", version: 0, texts: {} }), "conflict");
    await saveDocument(asDpo(), { kind: "processing", version: 1, texts: { playback: "Só com finalidade" } });
    const second = await read("processing");
    expect([second.latest, second.differences.added]).toEqual([2, []]);
    expect(second.changes).toEqual({ ...differences, texts: ["playback"] });
    expect((await read("processing", 1)).shown).toMatchObject({ version: 1 });
    await expectRefusal(read("processing", 9), "not_found");
  });

  it("never changes a version, and nobody deletes one", async () => {
    const rows = database();
    await expect(rows.execute(sql`update governance_documents set sha256 = 'x'`)).rejects.toThrow();
    await expect(rows.execute(sql`delete from governance_documents`)).rejects.toThrow();
  });

  it("refuses a text that it has no field for", () =>
    expectRefusal(saveDocument(asDpo(), { kind: "processing", version: 2, texts: { other: "x" } }), "invalid_input", {
      other: "invalid",
    }));

  it("needs no adoption", () =>
    expectRefusal(adoptDocument(asDpo(), { kind: "processing", version: 2 }), "invalid_input"));

  it("is a PDF with its signed content, and a CSV as Excel opens it", async () => {
    const { body, name } = await issueDocument(contextOf(auditor!.actor), { kind: "processing" });
    expect(name).toBe("custodia-ROT-v2.pdf");
    const { json, text } = await attachmentAndText(body as Buffer);
    for (const part of ["Registro das operações de tratamento", words, "Escrito por Pessoa dpo", "Unidade nova"])
      expect(text).toContain(part);
    expect(documentProblem(json, configuredPublicKeys())).toBeNull();
    expect(documentProblem(json.replace("Fulana", "Beltrana"), configuredPublicKeys())).toContain("signature");
    const csv = await issueDocument(asDpo(), { kind: "processing", format: "csv" });
    expect(csv.body).toContain("\uFEFFSeção;Item;Campo;Valor;Pessoa;Data\r\n");
    expect(csv.body).toContain("Unidades;Unidade nova;Fuso horário;America/Manaus;;\r\n");
  });
});

describe("a draft", () => {
  it("is adopted by the encarregado once it is complete, and its successor is a draft again", async () => {
    const { texts } = await read("impact");
    const complete = Object.fromEntries(texts.map(({ key }) => [key, `Texto de ${key}`]));
    await saveDocument(asDpo(), { kind: "impact", version: 0, texts: { ...complete, risks: "" } });
    const adopt = (version: number, context = asDpo()) => adoptDocument(context, { kind: "impact", version });
    await expectRefusal(adopt(1), "document_incomplete");
    await saveDocument(asDpo(), { kind: "impact", version: 1, texts: { risks: "Vazamento" } });
    await expectRefusal(adopt(1), "conflict");
    const draft = await issueDocument(asDpo(), { kind: "impact" });
    expect((await attachmentAndText(draft.body as Buffer)).text).toContain("MINUTA");
    const [first, again] = [asDpo(), asDpo()];
    await adopt(2, first);
    await adopt(2, again);
    expect(await eventsOf(first)).toMatchObject([{ action: "governance_document.adopted", details: { version: 2 } }]);
    expect(await eventsOf(again)).toEqual([]);
    expect((await read("impact")).versions[0]).toMatchObject({ version: 2, adoptedBy: "Pessoa dpo" });
    const adopted = await issueDocument(asDpo(), { kind: "impact" });
    expect((await attachmentAndText(adopted.body as Buffer)).text).toContain("Adotado por Pessoa dpo");
    await saveDocument(asDpo(), { kind: "impact", version: 2, texts: { risks: "Outro" } });
    expect((await read("impact")).shown).toMatchObject({ version: 3, adoptedAt: null });
    await expectRefusal(adoptDocument(asDpo(), { kind: "balancing", version: 1 }), "not_found");
  });

  it("of the balancing test has the policies of legitimate interest alone, in the phases of the guide", async () => {
    const { sections, texts } = await read("balancing");
    expect(sections.find(({ key }) => key === "retention")!.rows).toEqual([]);
    await database().execute(sql`update retention_policies set legal_basis = 'art7_ix'`);
    const [found] = (await read("balancing")).sections.filter(({ key }) => key === "retention");
    expect(found!.rows).toHaveLength(1);
    expect(texts.map(({ key }) => key)).toEqual([
      ...["interest", "purpose", "necessity", "expectations", "impact", "safeguards", "conclusion"],
    ]);
  });
});
