import { describe, expect, test } from "vitest";
import { uploadRequest } from "@/lib/uploads/upload-request";

const request = {
  source: "PBX-1",
  sourceCallId: "42",
  unit: " Suporte ",
  direction: "inbound",
  startedAt: "2026-03-02T14:05:31.250-03:00",
  contentType: "Audio/WAV",
  sizeBytes: 10,
  sha256: "AB".repeat(32),
};
const parse = (changes: Record<string, unknown> = {}) => uploadRequest.safeParse({ ...request, ...changes });

test("normalises the metadata of a phone system", () => {
  expect(parse({ customerNumber: "(11) 98765-4321" }).data).toMatchObject({
    source: "pbx-1",
    unit: "suporte",
    startedAt: new Date("2026-03-02T17:05:31.250Z"),
    contentType: "audio/wav",
    sha256: "ab".repeat(32),
    customerNumber: "(11) 98765-4321",
  });
});

const references = ["protocol", "customerReference", "customerTaxId"];

test.each(["queue", "agent", "agentName", "customerNumber", "callKind", "multipart", ...references])(
  "%s may be absent or null",
  (name) => {
    expect(parse({ [name]: null }).success).toBe(true);
    expect(parse({ [name]: undefined }).success).toBe(true);
  },
);

test.each(["12", "anonymous", "3201", "", "x".repeat(1000)])("no customer number is refused: %j", (customerNumber) => {
  expect(parse({ customerNumber }).success).toBe(true);
});
test.each(["1900-01-01T00:00:00Z", "1970-01-01T00:00:12Z", "2038-01-19T03:14:08Z", "2999-12-31T23:59:59Z"])(
  "takes the wrong clock that shows %s: the recording is stored with a doubtful date",
  (startedAt) => expect(parse({ startedAt }).success).toBe(true),
);

test("size and SHA-256 may both be left out", () => {
  expect(parse({ sizeBytes: null, sha256: undefined }).success).toBe(true);
});

test("keeps the zeros of a protocol, and refuses no call by its CPF or by an empty reference", () => {
  expect(parse({ protocol: " 000123 ", customerReference: "", customerTaxId: "123" }).data).toMatchObject({
    ...{ protocol: "000123", customerReference: "", customerTaxId: "123" },
  });
});

describe("refuses", () => {
  test.each<[string, unknown]>([
    ["startedAt", "2026-03-02"],
    ["startedAt", "1899-12-31T23:59:59Z"],
    ["startedAt", "3000-01-01T00:00:00Z"],
    ["startedAt", 1_700_000_000],
    ["sizeBytes", Number.NaN],
    ["sizeBytes", 64 * 1024 ** 3 + 1],
    ["sizeBytes", null],
    ["sha256", null],
    ["callKind", "two words"],
    ["protocol", "1".repeat(33)],
    ["protocol", 123],
    ["customerReference", "1".repeat(65)],
    ["multipart", "yes"],
    ["sha256", "g".repeat(64)],
    ["sha256", "a".repeat(63)],
    ["unit", "a b"],
    ["unit", "-a"],
    ["unit", "a".repeat(64)],
    ["sourceCallId", ""],
    ["sourceCallId", "é"],
    ["sourceCallId", "x".repeat(129)],
    ["direction", "INBOUND"],
    ["agentName", " "],
    ["customerNumber", 11987654321],
    ["id", "01937d5c-7a10-7c3e-9a0b-6f2d4c1e8b55"],
  ])("%s = %j", (name, value) => expect(parse({ [name]: value }).success).toBe(false));
});

test("accepts clocks that are some hours ahead", () => {
  expect(parse({ startedAt: new Date(Date.now() + 20 * 3_600_000).toISOString() }).success).toBe(true);
});
