import { generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { noteTypes, verifierKey } from "@/lib/core/crypto/verifier-key";
import { parseEnv } from "@/lib/core/env";

const parse = (AUDIT_WITNESSES: string) => parseEnv({ ...process.env, AUDIT_WITNESSES }).AUDIT_WITNESSES;
const { publicKey } = generateKeyPairSync("ed25519");
const key = (name: string) => verifierKey(name, publicKey, noteTypes.cosignature);

describe("AUDIT_TIMESTAMP_…", () => {
  const url = { AUDIT_TIMESTAMP_URL: "https://act.example/tsa" };
  const pem = "-----BEGIN CERTIFICATE-----\nMII=\n-----END CERTIFICATE-----";

  test("have no defaults; empty lines are none", () => {
    const { AUDIT_TIMESTAMP_URL, AUDIT_TIMESTAMP_CA } = parseEnv({ ...process.env, AUDIT_TIMESTAMP_URL: "" });
    expect([AUDIT_TIMESTAMP_URL, AUDIT_TIMESTAMP_CA]).toEqual([undefined, undefined]);
  });

  test("read a path, and certificates in one line or several", () => {
    for (const given of ["/etc/act.pem", pem, pem.replaceAll("\n", "\\n")]) {
      const { AUDIT_TIMESTAMP_CA } = parseEnv({ ...process.env, ...url, AUDIT_TIMESTAMP_CA: given });
      expect(AUDIT_TIMESTAMP_CA).toBe(given.startsWith("/") ? given : pem);
    }
  });

  test.each<[Record<string, string>, string]>([
    [{ AUDIT_TIMESTAMP_URL: "http://act.example" }, "AUDIT_TIMESTAMP_URL: must begin with https://"],
    [{ AUDIT_TIMESTAMP_URL: "https://user:hidden@act.example" }, "AUDIT_TIMESTAMP_URL: must not contain credentials"],
    [{ ...url, AUDIT_TIMESTAMP_CA: "act.pem" }, "AUDIT_TIMESTAMP_CA: is neither an absolute path nor certificates"],
    [{ ...url, AUDIT_TIMESTAMP_USER: "act" }, "AUDIT_TIMESTAMP_PASSWORD: is needed with AUDIT_TIMESTAMP_USER"],
    [{ ...url, AUDIT_TIMESTAMP_PASSWORD: "x" }, "AUDIT_TIMESTAMP_USER: is needed with AUDIT_TIMESTAMP_PASSWORD"],
    [{ AUDIT_TIMESTAMP_USER: "a", AUDIT_TIMESTAMP_PASSWORD: "x" }, "AUDIT_TIMESTAMP_URL: is needed with"],
  ])("refuse %j", (changes, problem) => {
    expect(() => parseEnv({ ...process.env, ...changes })).toThrow(problem);
  });
});

describe("AUDIT_WITNESSES", () => {
  test("has no default; an empty line is none", () => {
    expect(parseEnv({ ...process.env }).AUDIT_WITNESSES).toBeUndefined();
    expect(parse("")).toBeUndefined();
  });

  test("reads pairs of key and address, after commas or line ends", () => {
    const text = `${key("w.example/1")} https://w.example/log/,\n${key("w.example/2")}  http://127.0.0.1:8080\n`;
    expect(parse(text)).toMatchObject([
      { name: "w.example/1", url: "https://w.example/log", vkey: key("w.example/1") },
      { name: "w.example/2", url: "http://127.0.0.1:8080" },
    ]);
  });

  test("refuses the key of a log: another type", () => {
    const ofLog = verifierKey("w.example/1", publicKey);
    expect(() => parse(`${ofLog} https://w.example`)).toThrow(
      "the key of entry 1: is not an Ed25519 verifier key of type 4",
    );
  });

  test.each<[string, string]>([
    ["https://w.example", 'entry 1 is not "vkey url"'],
    [`${key("w")} https://w.example extra`, 'entry 1 is not "vkey url"'],
    [`${key("w")} http://w.example`, "the address of entry 1 must begin with https://"],
    [`${key("w")} https://user:secret@w.example`, "the address of entry 1 must not contain credentials"],
    [`${key("w")} https://w.example/?a=1`, "the address of entry 1 has a query or fragment"],
    [`${key("w")} https://a.example, ${key("w")} https://b.example`, "has the same verifier key twice"],
    [
      `${key("w")} https://a.example, x https://b.example`,
      "the key of entry 2: is not an Ed25519 verifier key of type 4",
    ],
    [
      `${key("w").replace("w+", "v+")} https://a.example`,
      "the key of entry 1: the id of the verifier key does not fit its name",
    ],
  ])("refuses %s", (text, problem) => {
    expect(() => parse(text)).toThrow(`  AUDIT_WITNESSES: ${problem}`);
  });
});
