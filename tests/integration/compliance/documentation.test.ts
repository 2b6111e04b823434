import { beforeAll, expect, it } from "vitest";
import { configuredPublicKeys } from "@/lib/audit/signing-keys";
import { documentationSections, issueDocumentation } from "@/lib/compliance/documentation/issue-documentation";
import { documentProblem } from "@/lib/compliance/documents/signed-document";
import { env } from "@/lib/core/env";
import { database } from "@/lib/db/client";
import { extractText, getDocumentProxy } from "unpdf";
import { contextOf, eventsOf, person, type Person } from "../../support/actors";
import { retain, sealAll } from "../../support/deletions";
import { daysAgo, policy, storedRecording, unitWithQueue } from "../../support/recordings";

let auditor: Person;

beforeAll(async () => {
  auditor = await person("auditor");
  await policy(90);
  await storedRecording({ ...(await unitWithQueue()), startedAt: daysAgo(200) });
  await retain();
  await sealAll();
});

const factsOf = async (key: string) => {
  const sections = await documentationSections(database(), new Date());
  const section = sections.find((one) => one.key === key)!;
  return Object.fromEntries(section.rows.flatMap((row) => row.facts));
};

it("says what the system knows, each section with its source", async () => {
  const sections = await documentationSections(database(), new Date());
  expect(sections.every(({ source, title }) => source !== "" && title !== "")).toBe(true);
  expect(await factsOf("deletion")).toMatchObject({ "Eliminadas; falhas; restantes": "1; 0; 0" });
  expect((await factsOf("log"))["Último selo"]).toMatch(/^número \d+, de \d\d\/\d\d\/\d{4}/);
  expect(await factsOf("requests")).toMatchObject({ Abertas: "0", "Em atraso": "0" });
  expect((await factsOf("access"))["Permissões"]).not.toContain(":");
});

it("is a signed PDF with ids of keys and no key, written in the log", async () => {
  const context = contextOf(auditor.actor);
  const { body, name } = await issueDocumentation(context, {});
  const opened = await getDocumentProxy(new Uint8Array(body));
  const [id] = [...((await opened.getAttachments()) as Map<string, unknown>).keys()];
  const content = (await opened.getAttachmentContent(id!)) as unknown as Uint8Array;
  const json = Buffer.from(content).toString();
  expect(documentProblem(json, configuredPublicKeys())).toBeNull();
  const { text } = await extractText(opened, { mergePages: true });
  expect(text.replaceAll(/\s+/g, " ")).toContain("Documentação para auditoria");
  const { FIELD_ENCRYPTION_KEYS: keys, AUDIT_SIGNING_KEYS: signing } = env();
  for (const { id, secret } of [...keys, ...signing]) {
    expect(json).toContain(id);
    expect(json).not.toContain(secret.toString("base64"));
  }
  expect(await eventsOf(context)).toMatchObject([
    { action: "compliance.documentation_issued", details: { number: name.slice("custodia-".length, -".pdf".length) } },
  ]);
});
