import postgres from "postgres";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { changeController } from "@/lib/access/controller/change-controller";
import { listControllerVersions } from "@/lib/access/controller/list-controller-versions";
import { readController } from "@/lib/access/controller/read-controller";
import { readPublicController } from "@/lib/access/controller/read-public-controller";
import { deactivateUser } from "@/lib/access/users/deactivate-user";
import { today } from "@/lib/core/time";
import { contextOf, eventsOf, expectRefusal, person, someone, type Person } from "../../support/actors";

type Form = Parameters<typeof changeController>[1];

/** A form as a browser sends it, with punctuation, spaces and capitals. */
const whole = {
  legalName: "  Telefonia  Exemplo\n S.A. ",
  tradeName: "Exemplo",
  cnpj: "12.abc.345/01de-35",
  address: "Avenida Paulista, 1000, São Paulo - SP, 01310-100",
  email: "Contato@Exemplo.example",
  phone: "(11) 3333-4444",
  privacyNoticeUrl: "https://exemplo.example/privacidade",
  deadlineTimeZone: "America/Manaus",
  officerName: "Maria da Conceição",
  officerFirm: "",
  contactEmail: "encarregada@exemplo.example",
  contactPhone: "0800 123 4567",
  officerAppointment: "Portaria 12/2026",
  officerAppointedOn: "2026-01-05",
  officerUserId: "",
  substituteName: "José Pereira",
  substituteAppointment: "Portaria 13/2026",
  substituteAppointedOn: "2026-01-06",
  substituteUserId: "",
  approverUserId: "",
  smallAgentReason: "",
} as const satisfies Omit<Form, "version">;

let admin: Person;
let dpo: Person;
let auditor: Person;

beforeAll(async () => {
  [admin, dpo, auditor] = [await person("admin"), await person("dpo"), await person("auditor")];
});

const asAdmin = () => contextOf(admin.actor);
const read = () => readController(asAdmin(), {});
/** Saves a form over the version in force. */
const save = async (form: Partial<Form> = {}, context = asAdmin()) =>
  changeController(context, { ...whole, version: (await read()).version, ...form } as Form);

test("before anybody says who the controller is, nothing is public and everything is missing", async () => {
  expect(await readPublicController(contextOf({ type: "anonymous" }), {})).toBeNull();
  const { version, facts, missing } = await read();
  expect([version, facts.legalName, facts.deadlineTimeZone, facts.smallAgent]).toEqual([
    0,
    "",
    "America/Sao_Paulo",
    false,
  ]);
  expect(missing).toEqual([
    ...["legalName", "cnpj", "address", "contact", "officerName", "officerContact", "officerAppointment"],
    ...["substituteName", "substituteAppointment"],
  ]);
});

describe("a saved version", () => {
  beforeEach(async () => void (await save()));

  test("is shown in its usual form, and public is what the law makes public, no more", async () => {
    const { facts, missing } = await read();
    expect(missing).toEqual([]);
    expect(facts).toMatchObject({
      legalName: "Telefonia Exemplo S.A.",
      cnpj: "12.ABC.345/01DE-35",
      phone: "(11) 3333-4444",
      contactPhone: "0800 123 4567",
      deadlineTimeZone: "America/Manaus",
      officerAppointedOn: "2026-01-05",
    });
    for (const principal of ["anonymous", "supervisor", "service", "job"] as const)
      expect(await readPublicController(await someone(principal), {})).toEqual({
        legalName: "Telefonia Exemplo S.A.",
        tradeName: "Exemplo",
        cnpj: "12.ABC.345/01DE-35",
        address: "Avenida Paulista, 1000, São Paulo - SP, 01310-100",
        email: "contato@exemplo.example",
        phone: "(11) 3333-4444",
        privacyNoticeUrl: "https://exemplo.example/privacidade",
        officer: { name: "Maria da Conceição", firm: null },
        contact: { email: "encarregada@exemplo.example", phone: "0800 123 4567" },
      });
  });

  test("is one event with names of fields and the version, and without what the fields say", async () => {
    const context = contextOf(dpo.actor);
    const { version } = await save({ officerName: "Ana Beatriz", phone: "11 3333 5555" }, context);
    expect(await eventsOf(context)).toMatchObject([
      {
        action: "controller.changed",
        outcome: "success",
        targetType: "controller",
        actorId: dpo.userId,
        details: { version, changed: ["phone", "officerName"], smallAgent: false },
      },
    ]);
    expect(JSON.stringify(await eventsOf(context))).not.toMatch(/Ana Beatriz|3333|5555/);
  });

  test("sent twice, also at once, it is one version and one event", async () => {
    const { version } = await read();
    const form = { ...whole, version, tradeName: "Enviado duas vezes" } as Form;
    const contexts = Array.from({ length: 5 }, asAdmin);
    const results = await Promise.all(contexts.map((context) => changeController(context, form)));
    expect(results).toEqual(Array.from({ length: 5 }, () => ({ version: version + 1 })));
    expect((await Promise.all(contexts.map(eventsOf))).flat()).toHaveLength(1);
    const shown = (await read()).facts;
    expect(await save(Object.fromEntries(Object.entries(shown).filter(([, value]) => value)) as Partial<Form>)).toEqual(
      {
        version: version + 1,
      },
    );
  });

  test("two editors at once: one saves, the other is told, and nothing of the second is saved", async () => {
    const { version } = await read();
    const contexts = [asAdmin(), contextOf(dpo.actor)];
    const results = await Promise.allSettled(
      contexts.map((context, index) =>
        changeController(context, { ...whole, version, tradeName: `Editor ${index}` } as Form),
      ),
    );
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const [won, lost] = results[0]!.status === "fulfilled" ? [0, 1] : [1, 0];
    expect(results[lost]).toMatchObject({ reason: { code: "conflict" } });
    expect((await read()).facts.tradeName).toBe(`Editor ${won}`);
    expect(await eventsOf(contexts[lost]!)).toEqual([]);
    await expectRefusal(changeController(asAdmin(), { ...whole, version, tradeName: "Tarde" } as Form), "conflict");
    await expectRefusal(save({ version: version + 7, tradeName: "Adiante" }), "conflict");
  });
});

describe("refuses as a problem of the field", () => {
  test.each([
    ["an empty legal name", { legalName: "   " }, { legalName: "too_small" }],
    ["a CNPJ with a wrong check digit", { cnpj: "12.ABC.345/01DE-36" }, { cnpj: "not_a_cnpj" }],
    ["a CPF", { cnpj: "529.982.247-25" }, { cnpj: "not_a_cnpj" }],
    ["a company e-mail", { email: "contato@" }, { email: "invalid_format" }],
    ["an e-mail of the encarregado", { contactEmail: "ninguém" }, { contactEmail: "invalid_format" }],
    ["a number without area code", { phone: "3333-4444" }, { phone: "not_a_phone" }],
    ["an extension", { contactPhone: "ramal 12" }, { contactPhone: "not_a_phone" }],
    ["a page without https", { privacyNoticeUrl: "http://exemplo.example" }, { privacyNoticeUrl: "needs_https" }],
    ["a page that runs a script", { privacyNoticeUrl: "javascript:alert(1)" }, { privacyNoticeUrl: "needs_https" }],
    ["a page with a password", { privacyNoticeUrl: "https://a:b@c.example" }, { privacyNoticeUrl: "needs_https" }],
    ["a zone outside Brazil", { deadlineTimeZone: "Europe/Lisbon" }, { deadlineTimeZone: "invalid_value" }],
    ["a day that does not exist", { officerAppointedOn: "2026-02-30" }, { officerAppointedOn: "invalid_format" }],
    ["an act of the future", { substituteAppointedOn: "9998-01-01" }, { substituteAppointedOn: "in_the_future" }],
    ["a text that is too long", { tradeName: "a".repeat(201) }, { tradeName: "too_big" }],
    ["a small agent without reason", { smallAgent: "true" }, { smallAgentReason: "reason_required" }],
    ["the encarregado as substitute", { substituteName: "MARIA DA CONCEIÇÃO" }, { substituteName: "same_person" }],
    ["an account that is none", { officerUserId: "x" }, { officerUserId: "invalid_format" }],
  ] as const)("%s", async (_, wrong, fields) => {
    const before = (await read()).version;
    await expectRefusal(save(wrong as Partial<Form>), "invalid_input", fields);
    expect((await read()).version).toBe(before);
  });

  test("several at once", () =>
    expectRefusal(save({ cnpj: "1", email: "2", phone: "3" }), "invalid_input", {
      cnpj: "not_a_cnpj",
      email: "invalid_format",
      phone: "not_a_phone",
    }));

  test("neither an act of today nor a foreign number", async () => {
    await save({ officerAppointedOn: today(), phone: "+351 21 123 4567" });
    expect((await read()).facts).toMatchObject({ officerAppointedOn: today(), phone: "+351 21 123 4567" });
  });

  test.each([{}, { version: "x" }, { version: -1 }, { version: {} }, { version: 0, legalName: [] }])(
    "%j, which no form sends",
    (input) => expectRefusal(changeController(asAdmin(), input as never), "invalid_input"),
  );
});

test("the linked accounts are of two active DPOs; one that leaves is reported, and must be replaced", async () => {
  const [officer, substitute] = [await person("dpo", { name: "Zélia" }), await person("dpo", { name: "Yara" })];
  const linked = { officerUserId: officer.userId, substituteUserId: substitute.userId };
  for (const other of [admin.userId, auditor.userId, crypto.randomUUID()])
    await expectRefusal(save({ officerUserId: other }), "invalid_input", { officerUserId: "not_a_dpo" });
  await expectRefusal(save({ ...linked, substituteUserId: officer.userId }), "invalid_input", {
    substituteUserId: "same_person",
  });
  await save(linked);
  expect(await read()).toMatchObject({ facts: linked, missing: [] });

  await deactivateUser(asAdmin(), { userId: substitute.userId });
  const { missing, accounts } = await read();
  expect(missing).toEqual(["substituteAccount"]);
  expect(accounts.find(({ id }) => id === substitute.userId)).toMatchObject({ name: "Yara", isActiveDpo: false });
  await expectRefusal(save({ ...linked, tradeName: "Outro" }), "invalid_input", { substituteUserId: "not_a_dpo" });
  await save({ ...linked, substituteUserId: "" });
  expect((await read()).missing).toEqual([]);
  expect((await read()).accounts.map(({ id }) => id)).not.toContain(substitute.userId);
});

test("who approves requests besides the DPOs is an active administrator", async () => {
  const approver = await person("admin");
  for (const other of [dpo.userId, auditor.userId])
    await expectRefusal(save({ approverUserId: other }), "invalid_input", { approverUserId: "not_an_admin" });
  await save({ approverUserId: approver.userId });
  expect(await read()).toMatchObject({ facts: { approverUserId: approver.userId }, missing: [] });
  await deactivateUser(asAdmin(), { userId: approver.userId });
  expect((await read()).missing).toEqual(["approverAccount"]);
  await save({ approverUserId: "" });
});

test("a small agent needs a channel and no encarregado; off again, its reason is no longer said", async () => {
  const nobody = { officerName: "", officerAppointment: "", officerAppointedOn: "", substituteName: "" };
  const none = { ...nobody, substituteAppointment: "", substituteAppointedOn: "" };
  const small = { ...none, smallAgent: "true", smallAgentReason: "Microempresa; 12 ramais." } as const;
  await save(small);
  expect((await read()).missing).toEqual([]);
  expect(await readPublicController(contextOf({ type: "anonymous" }), {})).toMatchObject({
    officer: null,
    contact: { email: "encarregada@exemplo.example" },
  });
  await save({ ...small, contactEmail: "", contactPhone: "" });
  expect((await read()).missing).toEqual(["channel"]);

  await save({ smallAgentReason: "Microempresa; 12 ramais." });
  expect((await read()).facts).toMatchObject({ smallAgent: false, smallAgentReason: null });
});

describe("versions", () => {
  test("tell who was the encarregado on a date, what each changed and who saved it", async () => {
    await save({ officerName: "Primeira Encarregada" });
    const { version } = await save({ officerName: "Segundo Encarregado" }, contextOf(dpo.actor));
    const newest = await listControllerVersions(contextOf(auditor.actor), { limit: 2 });
    expect(newest.versions).toMatchObject([
      { version, officerName: "Segundo Encarregado", until: null, savedBy: "Pessoa dpo", changed: ["officerName"] },
      { version: version - 1, officerName: "Primeira Encarregada", savedBy: "Pessoa admin" },
    ]);
    expect(newest.versions[1]!.until).toEqual(newest.versions[0]!.savedAt);
    const older = await listControllerVersions(asAdmin(), { before: newest.nextCursor, limit: 100 });
    expect(older.versions.map(({ version: one }) => one)).toEqual(
      Array.from({ length: version - 2 }, (_, index) => version - 2 - index),
    );
    expect(older.nextCursor).toBeNull();
    expect(older.versions.at(-1)).toMatchObject({ version: 1 });
    expect(older.versions.at(-1)!.changed).toContain("legalName");
  });

  test("on a day are those in force at some time of it", async () => {
    const on = async (day: string) =>
      (await listControllerVersions(asAdmin(), { on: day, limit: 100 })).versions.map(({ version }) => version);
    const { version } = await read();
    expect(await on("1999-12-31")).toEqual([]);
    expect(await on("9998-12-31")).toEqual([version]);
    expect(await on(today())).toContain(version);
  });

  test("are never changed or removed, by the portal or by the owner of the tables", async () => {
    for (const [address, message] of [
      [process.env.DATABASE_URL, /permission denied/],
      [process.env.MIGRATION_DATABASE_URL, /append-only/],
    ] as const) {
      const connection = postgres(address!, { max: 1 });
      for (const statement of [
        "update controller_versions set officer_name = 'Outra'",
        "delete from controller_versions",
        "truncate controller_versions",
      ])
        await expect(connection.unsafe(statement), statement).rejects.toThrow(message);
      await connection.end();
    }
  });
});
