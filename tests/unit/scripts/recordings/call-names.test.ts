import { describe, expect, test } from "vitest";
import type { CallDefaults } from "@/scripts/recordings/call-names/call-name";
import { explainUnreadName } from "@/scripts/recordings/call-names/unread-name";
import { callNameReader } from "@/scripts/recordings/call-names/call-name-reader";

const defaults: CallDefaults = { source: "pbx", unit: "suporte", queue: null, direction: "inbound" };
const read = (form: string, name: string, changes: Partial<CallDefaults> = {}) =>
  callNameReader(form, "America/Sao_Paulo")(name, { ...defaults, ...changes });

describe("names of FreePBX", () => {
  test.each([
    [
      "q-600-11987654321-20251120-140322-1763658202.42",
      { sourceCallId: "q-1763658202.42", direction: "inbound", queue: "600", customerNumber: "11987654321" },
    ],
    [
      "rg-601-1133334444-20251120-140322-1763658202.43",
      { sourceCallId: "rg-1763658202.43", direction: "inbound", queue: "601", customerNumber: "1133334444" },
    ],
    [
      "external-1042-11987654321-20251120-140322-1763658202.44",
      { direction: "inbound", agent: "1042", customerNumber: "11987654321" },
    ],
    [
      "in-1140040001-11987654321-20251120-140322-1763658202.45",
      { direction: "inbound", customerNumber: "11987654321" },
    ],
    [
      "out-11987654321-1042-20251120-140322-1763658202.46",
      { direction: "outbound", agent: "1042", customerNumber: "11987654321" },
    ],
    [
      "internal-1043-1042-20251120-140322-pbx1-1763658202.47",
      { sourceCallId: "internal-pbx1-1763658202.47", direction: "internal", agent: "1042" },
    ],
    [
      "external-1042-anonymous-20251120-140322-1763658202.48",
      { direction: "inbound", agent: "1042", customerNumber: "anonymous" },
    ],
    ["external-1042--20251120-140322-1763658202.48", { direction: "inbound", agent: "1042", customerNumber: null }],
    ["in-1140040001-anonymous-20251120-140322-1763658202.48", { direction: "inbound", customerNumber: "anonymous" }],
    ["exten-1042-1043-20251120-140322-1763658202.48", { direction: "internal", agent: "1042", customerNumber: null }],
    [
      "exten-1042-11987654321-20251120-140322-1763658202.48",
      { direction: "inbound", agent: "1042", customerNumber: "11987654321" },
    ],
    ["q-600--20251120-140322-1763658202.49", { direction: "inbound", queue: "600", customerNumber: null }],
  ])("%s", (name, expected) => {
    const call = read("freepbx", name);
    expect(call).toMatchObject(expected);
    expect(call!.startedAt.toISOString()).toBe("2025-11-20T17:03:22.000Z");
    expect(read("auto", name)).toEqual(call);
  });

  test("never give a telephone number as the code of an attendant", () => {
    expect(read("freepbx", "out-11987654321-5511987654321-20251120-140322-1763658202.46")).toMatchObject({
      agent: null,
    });
  });

  test.each([
    "1763658202.42",
    "q-600-11987654321-20251120-140322",
    "q-600-119-20251120-1403-1763658202.42",
    "call",
    "",
  ])("do not match %j", (name) => {
    expect(read("freepbx", name)).toBeNull();
  });
});

describe("names of Asterisk's MixMonitor", () => {
  test("hold the channel's id only", () => {
    expect(read("asterisk", "1763658202.42")).toEqual({
      sourceCallId: "1763658202.42",
      channel: "1763658202.42",
      startedAt: new Date("2025-11-20T17:03:22Z"),
    });
    expect(read("auto", "pbx1-1763658202.42")).toMatchObject({ sourceCallId: "pbx1-1763658202.42" });
  });
  test("hold both parties; the direction of the folder tells which is the customer", () => {
    const name = "20251120-140322-11987654321-1133334444-1763658202.42";
    expect(read("auto", name)).toMatchObject({ customerNumber: "11987654321" });
    expect(read("auto", name, { direction: "outbound" })).toMatchObject({ customerNumber: "1133334444" });
    expect(read("auto", name, { direction: "internal" })).not.toHaveProperty("customerNumber");
  });
});

/** A name that a phone system writes, and what is in it. The channel's second is 2026-11-20 14:03:22 in São Paulo. */
const id = "1795194202.42";
const inbound = { direction: "inbound", customerNumber: "11940001234" };
const outbound = { direction: "outbound", customerNumber: "11940001234" };

test.each<[string, object]>([
  ["q-600-11940001234-20261120-140322-1795194202.42", { ...inbound, sourceCallId: `q-${id}`, queue: "600" }],
  ["q-601-11940001234-20261120-141001-1795194202.42", { ...inbound, sourceCallId: `q-${id}`, queue: "601" }],
  ["force-11940001234-3201-20261120-140322-1795194202.42", { ...outbound, sourceCallId: `force-${id}`, agent: "3201" }],
  ["generic-551140001234-11940001234-20261120-140322-1795194202.42", { ...inbound, sourceCallId: id }],
  ["8000-8000-20261120-140322-1795194202.42", { direction: "internal", sourceCallId: id }],
  ["conf-8000-8000-20261120-140322-1795194202.42", { direction: "internal", sourceCallId: id }],
  ["conf-8000-8000-20261120-140322-1795194202.42-1795194202", { direction: "internal", sourceCallId: id }],
  [
    "external-1042-11940001234-20261120-140322-pbx-sp-01-1795194202.42",
    { ...inbound, sourceCallId: `external-pbx-sp-01-${id}`, agent: "1042" },
  ],
  ["external-11940001234-1042-20261120-140322-1795194202.42", { ...outbound, agent: "1042" }],
  ["exten-11940001234-1042-20261120-140322-1795194202.42", { ...outbound, agent: "1042" }],
  [
    "q-600-11940001234-20261120-140322-pbx-sp.empresa-1795194202.42",
    { ...inbound, sourceCallId: `q-pbx-sp.empresa-${id}` },
  ],
  ["q--11940001234-20261120-140322-1795194202.42", { ...inbound, queue: null }],
  [
    "20261120-140322--1042-1795194202.42",
    { sourceCallId: id, direction: "inbound", customerNumber: null, agent: "1042" },
  ],
  [
    "20261120-140322-1042--1795194202.42",
    { sourceCallId: id, direction: "inbound", customerNumber: null, agent: null },
  ],
  ["20261120-140322-1042-11940001234-1795194202.42", { ...outbound, sourceCallId: id, agent: "1042" }],
  ["20261120-140322-11940001234-1042-1795194202.42", { ...inbound, sourceCallId: id, agent: "1042" }],
  ["20261120-140322-1042-1043-1795194202.42", { sourceCallId: id, direction: "internal", agent: "1042" }],
  ["20261120-140322-1795194202.42", { sourceCallId: id }],
  ["20261120-140322-pbx.empresa-1795194202.42", { sourceCallId: `pbx.empresa-${id}` }],
  ["pbx-sp.empresa-1795194202.42", { sourceCallId: `pbx-sp.empresa-${id}` }],
  ["11940001234-1795194202.42", { sourceCallId: id, customerNumber: "11940001234" }],
  ["940001234-1795194202.42", { sourceCallId: id, customerNumber: "940001234" }],
  ["20261120-1795194202.42", { sourceCallId: `20261120-${id}` }],
  ["-1795194202.42", { sourceCallId: id, customerNumber: null }],
  [
    "1042-11940001234-20261120-140322-1795194202.42",
    { sourceCallId: id, customerNumber: "11940001234", agent: "1042" },
  ],
  ["q600-20261120-140322-1795194202.42", { sourceCallId: id, direction: "inbound", queue: "600" }],
  ["OUT1042-20261120-140322-1795194202.42", { sourceCallId: id, direction: "outbound", agent: "1042" }],
  ["1795194202.42-in", { sourceCallId: id, side: "customer" }],
  ["1795194202.42-out", { sourceCallId: id, side: "agent" }],
  ["out-11940001234-1042-20261120-140322-1795194202.42-in", { ...outbound, side: "agent" }],
  ["out-11940001234-1042-20261120-140322-1795194202.42-out", { ...outbound, side: "customer" }],
  ["1795194202.42-1795194202", { sourceCallId: id }],
  [
    "2026-11-20_14-03-22_1042_20010(2001)",
    { direction: "internal", agent: "1042", idFrom: { name: "2026-11-20_14-03-22_1042_20010(2001)", withSize: true } },
  ],
  ["2026-11-20_14-03-22_11940001234_20010(2001)", { ...inbound, agent: "2001" }],
  ["2026-11-20_14-03-22__20010(2001)", { direction: "inbound", customerNumber: null, agent: "2001" }],
  ["20261120140322", { idFrom: { name: "20261120140322", withSize: true } }],
  // The recorder counts calls of one second: another call.
  ["20261120140322_2", { idFrom: { name: "20261120140322_2", withSize: true } }],
  ["+5511940001234_261120_140322000", { customerNumber: "+5511940001234" }],
  ["_261120_140322000", { customerNumber: null }],
  ["dump-2026-11-20-14-03-22-enc", { side: "agent", idFrom: { name: "dump-2026-11-20-14-03-22-", withSize: false } }],
  [
    "dump-2026-11-20-14-03-22-dec",
    { side: "customer", idFrom: { name: "dump-2026-11-20-14-03-22-", withSize: false } },
  ],
])("%s is read", (name, expected) => {
  const call = read("auto", name);
  expect(call).toMatchObject(expected);
  expect(call!.startedAt.toISOString()).toBe("2026-11-20T17:03:22.000Z");
});

test("a name that begins a recording later has its own start", () => {
  expect(read("auto", "conf-8000-8000-20261120-140322-1795194202.42-1795194322")!.startedAt.toISOString()).toBe(
    "2026-11-20T17:05:22.000Z",
  );
});

test("a template reads protocol, reference and CPF, with their zeros; each may be empty", () => {
  const template = "{protocol}_{customerReference}_{customerTaxId}_{startedAt:yyyyMMdd-HHmmss}_{sourceCallId}";
  expect(read(template, "000123_C-77_012.345.678-90_20260302-140531_1")).toMatchObject({
    ...{ protocol: "000123", customerReference: "C-77", customerTaxId: "012.345.678-90" },
  });
  const empty = read(template, "___20260302-140531_1")!;
  expect([empty.protocol, empty.customerReference, empty.customerTaxId]).toEqual([undefined, undefined, undefined]);
  expect(() => read("{protocol}_{protocol}_{startedAt:yyyyMMdd-HHmmss}", "1")).toThrow("twice");
});

test("a template reads how a call was handled; another word is not read", () => {
  const template = "{announcementPlayed}-{announcementVersion}-{sensitiveContent}-{cardDataHandling}/{startedAt:t}";
  expect(read(template, "sim-v3-Não-Pausada/1795194202")).toMatchObject({
    ...{ announcementPlayed: "yes", announcementVersion: "v3", sensitiveContent: "no", cardDataHandling: "paused" },
  });
  expect(read(template, "---/1795194202")).not.toHaveProperty("announcementPlayed");
  for (const name of ["talvez-v3-no-none/1795194202", "yes-v3-no-stopped/1795194202"])
    expect(read(template, name)).toBeNull();
});

test("two digits of a year are 20yy, in a built-in form and in a template", () => {
  expect(read("auto", "+5511940001234_260506_225406577")!.startedAt.toISOString()).toBe("2026-05-07T01:54:06.577Z");
  for (const [year, full] of [
    ["00", 2000],
    ["69", 2069],
    ["99", 2099],
  ])
    expect(read("{startedAt:yyMMdd}_{sourceCallId}", `${year}0506_7`)!.startedAt.toISOString()).toBe(
      `${full}-05-06T03:00:00.000Z`,
    );
});

describe("what is no name of a call", () => {
  test.each([
    "q-600-119-20261120-1403-1795194202.42",
    "q-600-20261120-140322-1795194202.42",
    "out-190-1042-1795194202.42",
    "pbx-11940001234-1795194202.42",
    "1042-1043-20261120-140322-1795194202.42",
    "20261120-140322-1042-1795194202.42-both",
    "20261320104522",
    "dump-2026-11-20-14-03-22",
    "gravacao",
    "",
  ])("%j", (name) => {
    expect(read("auto", name)).toBeNull();
  });

  test("a telephone number never becomes part of an id or of a code", () => {
    const numbers = /940001234/;
    for (const name of ["11940001234-1795194202.42", "q-600-11940001234-20261120-140322-1795194202.42"]) {
      const { customerNumber: _, ...facts } = read("auto", name)!;
      expect(JSON.stringify(facts)).not.toMatch(numbers);
    }
    const { agent } = read("auto", "20261120-140322-1140001234-11940001234-1795194202.42", { direction: "outbound" })!;
    expect(agent).toBeNull();
  });
});

describe("what is said of a name that is not read", () => {
  const explain = (name: string) => explainUnreadName(name, "America/Sao_Paulo");
  test.each([
    [
      "Gravacao_1042_20261120-140322",
      "part 1 (8 letters) is not known",
      "{ignore}_{agent}_{startedAt:yyyyMMdd-HHmmss}",
    ],
    [
      "Gravação 11940001234 20-11-2026 14-03-22",
      "part 1 (8 letters) is not known",
      "{ignore} {customerNumber} {startedAt:dd-MM-yyyy HH-mm-ss}",
    ],
    ["20261120T140322.in.1042", null, "{startedAt:yyyyMMddTHHmmss}.{direction}.{agent}"],
    ["dump-2026-11-20-14-03-22", "part 1 (4 letters) is not known", "{ignore}-{startedAt:yyyy-MM-dd-HH-mm-ss}"],
    [
      "ura-3-1042-20261120-140322-1795194202.42",
      "part 1 (3 letters), part 2 (1 digit) are not known",
      "{ignore}-{ignore}-{agent}-{startedAt:yyyyMMdd-HHmmss}-{sourceCallId}",
    ],
  ])("%s", (name, odd, template) => {
    expect(read("auto", name)).toBeNull();
    const text = explain(name);
    if (odd) expect(text).toContain(odd);
    expect(text).toContain(`--names "${template}"`);
    expect(read(template, name)!.startedAt.toISOString()).toBe("2026-11-20T17:03:22.000Z");
  });
  test.each(["q-600-11940001234-20261120-1403-1795194202.42", "20261320104522", "Maria 11940001234"])(
    "%s: no template would read it",
    (name) => {
      expect(explain(name)).toMatch(/no date with a time.*manifest/);
      expect(explain(name)).not.toMatch(/--names|Maria|940001234/);
    },
  );
  test("a name in another encoding", () => expect(explain("Grava\uFFFD\uFFFDo")).toMatch(/UTF-8.*rename/));
});

describe("a custom pattern", () => {
  test("reads the fields, and the time in the given zone", () => {
    const call = read(
      "{startedAt:yyyyMMdd-HHmmss}_{customerNumber}_{agent}_{direction}_{ignore}_{sourceCallId}",
      "20181220-140322_11987654321_1042_out_x_abc-1",
    );
    // Summer time of 2018: -02:00.
    expect(call).toEqual({
      sourceCallId: "abc-1",
      startedAt: new Date("2018-12-20T16:03:22Z"),
      agent: "1042",
      direction: "outbound",
      customerNumber: "11987654321",
    });
  });
  test("reads seconds since 1970", () => {
    expect(read("{sourceCallId}-{startedAt:t}", "x.9-1763658202")).toEqual({
      sourceCallId: "x.9",
      startedAt: new Date("2025-11-20T17:03:22Z"),
    });
  });
  test("an empty part does not move the others", () => {
    const form = "{startedAt:yyyyMMdd-HHmmss}-{customerNumber}-{agent}-{sourceCallId}";
    expect(read(form, "20261120-140322--1042-pbx-sp-7")).toMatchObject({
      ...{ customerNumber: null, agent: "1042", sourceCallId: "pbx-sp-7" },
    });
    expect(read(form, "20261120-140322-11940001234--7")).toMatchObject({ customerNumber: "11940001234" });
    expect(read(form, "20261120-140322-11940001234--7")).not.toHaveProperty("agent");
  });
  test("reads sides and parts, also from a folder; without an id the recordings of a call share what makes one", () => {
    const form = "{side}/{startedAt:yyyyMMddHHmmss}_{agent}_{part}";
    const [first, second] = ["in/20261120140322_1042_1", "out/20261120140322_1042_2"].map((name) =>
      read(form, `/spool/${name}`)!,
    );
    expect(first).toMatchObject({ side: "customer", part: 1, agent: "1042" });
    expect(second).toMatchObject({ side: "agent", part: 2, idFrom: first!.idFrom });
    expect(read(form, "/spool/mix/20261120140322_1042_1")).toBeNull();
    expect(read(form, "/spool/in/20261120140322_1042_b")).toBeNull();
  });
  test("takes letters literally", () => {
    expect(read("a.b+{sourceCallId}@{startedAt:yyyy-MM-dd}", "aXb+1@2025-11-20")).toBeNull();
    expect(read("a.b+{sourceCallId}@{startedAt:yyyy-MM-dd}", "a.b+1@2025-11-20")).toMatchObject({ sourceCallId: "1" });
  });
  test("refuses a day that does not exist", () => {
    expect(read("{sourceCallId}_{startedAt:yyyyMMdd}", "1_20250231")).toBeNull();
  });
  test.each([
    ["{sourceCallId}", /start of the call/],
    ["{sourceCallId}_{startedAt}", /start of the call/],
    ["{sourceCallId}_{startedAt:HHmm}", /y, M, d/],
    ["{sourceCallId}_{startedAt:yyyyMMdd}_{phone}", /\{phone\} is not a field/],
    ["{sourceCallId}_{sourceCallId}_{startedAt:yyyyMMdd}", /appears twice/],
  ])("refuses %s with the reason", (form, reason) => {
    expect(() => callNameReader(form, "America/Sao_Paulo")).toThrow(reason);
  });
});
