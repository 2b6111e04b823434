import { describe, expect, test } from "vitest";
import type { CallDefaults } from "@/scripts/recordings/call-names/call-name";
import { callNameReader } from "@/scripts/recordings/call-names/call-name-reader";

const defaults: CallDefaults = { source: "pbx", unit: "suporte", queue: null, direction: "inbound" };
const read = (form: string, name: string, changes: Partial<CallDefaults> = {}) =>
  callNameReader(form, "America/Sao_Paulo")(name, { ...defaults, ...changes });

describe("names of FreePBX", () => {
  test.each([
    [
      "q-600-11987654321-20251120-140322-1763658202.42",
      { sourceCallId: "q-1763658202.42", direction: "inbound", queue: "600", customerNumber: "+5511987654321" },
    ],
    [
      "rg-601-1133334444-20251120-140322-1763658202.43",
      { sourceCallId: "rg-1763658202.43", direction: "inbound", queue: "601", customerNumber: "+551133334444" },
    ],
    [
      "external-1042-11987654321-20251120-140322-1763658202.44",
      { direction: "inbound", agent: "1042", customerNumber: "+5511987654321" },
    ],
    [
      "in-1140040001-11987654321-20251120-140322-1763658202.45",
      { direction: "inbound", customerNumber: "+5511987654321" },
    ],
    [
      "out-11987654321-1042-20251120-140322-1763658202.46",
      { direction: "outbound", agent: "1042", customerNumber: "+5511987654321" },
    ],
    [
      "internal-1043-1042-20251120-140322-pbx1-1763658202.47",
      { sourceCallId: "internal-pbx1-1763658202.47", direction: "internal", agent: "1042" },
    ],
    [
      "external-1042-anonymous-20251120-140322-1763658202.48",
      { direction: "inbound", agent: "1042", customerNumber: null },
    ],
    ["external-1042--20251120-140322-1763658202.48", { direction: "inbound", agent: "1042", customerNumber: null }],
    ["in-1140040001-anonymous-20251120-140322-1763658202.48", { direction: "inbound", customerNumber: null }],
    ["exten-1042-1043-20251120-140322-1763658202.48", { direction: "internal", agent: "1042", customerNumber: null }],
    [
      "exten-1042-11987654321-20251120-140322-1763658202.48",
      { direction: "inbound", agent: "1042", customerNumber: "+5511987654321" },
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
      startedAt: new Date("2025-11-20T17:03:22Z"),
    });
    expect(read("auto", "pbx1-1763658202.42")).toMatchObject({ sourceCallId: "pbx1-1763658202.42" });
  });
  test("hold both parties; the direction of the folder tells which is the customer", () => {
    const name = "20251120-140322-11987654321-1133334444-1763658202.42";
    expect(read("auto", name)).toMatchObject({ customerNumber: "+5511987654321" });
    expect(read("auto", name, { direction: "outbound" })).toMatchObject({ customerNumber: "+551133334444" });
    expect(read("auto", name, { direction: "internal" })).not.toHaveProperty("customerNumber");
  });
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
      customerNumber: "+5511987654321",
    });
  });
  test("reads seconds since 1970", () => {
    expect(read("{sourceCallId}-{startedAt:t}", "x.9-1763658202")).toEqual({
      sourceCallId: "x.9",
      startedAt: new Date("2025-11-20T17:03:22Z"),
    });
  });
  test("takes letters literally", () => {
    expect(read("a.b+{sourceCallId}@{startedAt:yyyy-MM-dd}", "aXb+1@2025-11-20")).toBeNull();
    expect(read("a.b+{sourceCallId}@{startedAt:yyyy-MM-dd}", "a.b+1@2025-11-20")).toMatchObject({ sourceCallId: "1" });
  });
  test("refuses a day that does not exist", () => {
    expect(read("{sourceCallId}_{startedAt:yyyyMMdd}", "1_20250231")).toBeNull();
  });
  test.each([
    ["{startedAt:yyyyMMdd}", /sourceCallId/],
    ["{sourceCallId}", /start of the call/],
    ["{sourceCallId}_{startedAt}", /start of the call/],
    ["{sourceCallId}_{startedAt:HHmm}", /y, M, d/],
    ["{sourceCallId}_{startedAt:yyyyMMdd}_{phone}", /\{phone\} is not a field/],
    ["{sourceCallId}_{sourceCallId}_{startedAt:yyyyMMdd}", /appears twice/],
  ])("refuses %s with the reason", (form, reason) => {
    expect(() => callNameReader(form, "America/Sao_Paulo")).toThrow(reason);
  });
});
