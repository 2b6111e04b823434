import { generateKeyPairSync } from "node:crypto";
import { Readable } from "node:stream";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { sealRangeOfPeriod } from "@/lib/audit/verify/log-source";
import { verifyRecentEvents } from "@/lib/audit/verify-recent-events";
import { verifyExport } from "@/lib/audit/export/verify-export";
import { exportAuditLog } from "@/lib/audit/export-audit-log";
import { exportResponse } from "@/lib/http/audit-export-response";
import { publicKeysPem, readPublicKeys } from "@/lib/audit/signing-keys";
import { today } from "@/lib/core/time";
import { database } from "@/lib/db/client";
import { append, asAttacker, auditorContext, emptyLog, seal, verify } from "../../support/log-under-test";

beforeEach(emptyLog);

const ofPeriod = async (from: string, to: string) =>
  verify({ range: await sealRangeOfPeriod(database(), { from, to }) });

describe("a verification that has nothing to compare", () => {
  it("of a log without seals says so, in the command and in the page", async () => {
    await append(2);
    expect(await verify()).toMatchObject({ verdict: "nothing_to_verify", seals: 0, unsealed: 3 });
    expect(await verifyRecentEvents(auditorContext(), {})).toMatchObject({ verdict: "nothing_to_verify" });
    await seal();
    expect(await verify()).toMatchObject({ verdict: "whole" });
    expect(await verifyRecentEvents(auditorContext(), {})).toMatchObject({ verdict: "whole" });
  });

  it("of a period without seals says so, and still finds a cut tail", async () => {
    await append(3);
    await seal();
    expect(await ofPeriod("2001-01-01", "2001-12-31")).toMatchObject({ verdict: "nothing_to_verify", seals: 0 });
    await asAttacker((sql) => sql`truncate audit_events, audit_seals`);
    expect(await ofPeriod(today(), today())).toMatchObject({ verdict: "broken", counts: { tail_cut_off: 1 } });
  });

  it("is not reached by deleting all events of a period: its seals stay", async () => {
    await append(3);
    await seal();
    await asAttacker((sql) => sql`delete from audit_events`);
    expect(await ofPeriod(today(), today())).toMatchObject({ verdict: "broken", counts: { event_removed: 4 } });
  });
});

const exported = async () => exportResponse(await exportAuditLog(auditorContext(), {})).text();
const check = (file: string | Buffer, keys = publicKeysPem()) =>
  verifyExport(Readable.from([Buffer.from(file)]), readPublicKeys(keys));

/** What a process of another installation gives, which has its own signing key under the same name. */
async function withForeignKey<Result>(work: () => Promise<Result>): Promise<Result> {
  const own = process.env.AUDIT_SIGNING_KEYS!;
  const { privateKey } = generateKeyPairSync("ed25519");
  const name = own.slice(0, own.indexOf(":"));
  process.env.AUDIT_SIGNING_KEYS = `${name}:${privateKey.export({ format: "der", type: "pkcs8" }).toString("base64")}`;
  vi.resetModules();
  try {
    return await work();
  } finally {
    await (await import("@/lib/db/client")).closeDatabase();
    process.env.AUDIT_SIGNING_KEYS = own;
    vi.resetModules();
  }
}

const exportOfAnother = () =>
  withForeignKey(async () => {
    const another = await import("../../support/log-under-test");
    await another.emptyLog();
    await another.append(2);
    await another.seal();
    const { exportAuditLog: exportThere } = await import("@/lib/audit/export-audit-log");
    const { exportResponse: respond } = await import("@/lib/http/audit-export-response");
    return respond(await exportThere(another.auditorContext(), {})).text();
  });

describe("an export of another installation", () => {
  it("is neither whole nor tampered with: it is signed by a foreign key", async () => {
    const text = await exportOfAnother();
    const report = await check(text);
    expect(report).toMatchObject({ verdict: "foreign_key", events: 3 });
    expect(report.problems).toEqual([
      { line: 2, detail: expect.stringMatching(/foreign key ".+" \(SHA-256 [0-9a-f]{64}\), which was not given/) },
    ]);
    const tampered = text.replace('"outcome":"success"', '"outcome":"denied"');
    expect(await check(tampered)).toMatchObject({ verdict: "broken" });
  });

  it("is still tampering where a foreign key signed only a part of the file", async () => {
    const foreign = (await exportOfAnother()).trimEnd().split("\n");
    await emptyLog();
    await append(2);
    await seal();
    const [header, firstSeal, ...own] = (await exported()).trimEnd().split("\n");
    const pems = (JSON.parse(foreign[0]!) as { export: { publicKeys: object } }).export.publicKeys;
    const ownHeader = JSON.parse(header!) as { export: object };
    const mixed = JSON.stringify({ export: { ...ownHeader.export, publicKeys: pems } });
    const { verdict, problems } = await check(`${[mixed, firstSeal, ...own, foreign[1]].join("\n")}\n`);
    expect(verdict).toBe("broken");
    expect((await check(`${[mixed, foreign[1], ...own].join("\n")}\n`)).problems).toContainEqual({
      line: 2,
      detail: expect.stringContaining("is signed with another key"),
    });
    expect(problems.length).toBeGreaterThan(0);
  });
});

describe("a file that an editor or a transfer damaged", () => {
  it.each<[string, (text: string) => string | Buffer, number, RegExp]>([
    ["Windows line ends", (text) => text.replaceAll("\n", "\r\n"), 1, /^ends with CR LF, as \d+ more do: the file was/],
    ["one of them", (text) => text.replace(/\n(?=.+\n$)/, "\r\n"), 7, /^ends with CR LF: the file was changed by/],
    ["a byte order mark", (text) => `\uFEFF${text}`, 1, /^begins with a byte order mark: the file was changed/],
    ["UTF-16", (text) => Buffer.from(`\uFEFF${text}`, "utf16le"), 1, /^begins with a byte order mark of UTF-16/],
    ["a cut end line", (text) => text.slice(0, -90), 8, /^is cut: the file ends within its last line/],
    ["a cut event", (text) => text.slice(0, text.lastIndexOf('{"end"') - 30), 7, /^is cut: /],
  ])("names %s, and no other problem", async (_what, damage, line, detail) => {
    await append(2);
    await seal();
    const text = await exported();
    expect(text.trimEnd().split("\n")).toHaveLength(8);
    expect(await check(text)).toMatchObject({ verdict: "whole" });
    const report = await check(damage(text));
    expect(report).toMatchObject({ verdict: "broken" });
    expect(report.problems).toContainEqual({ line, detail: expect.stringMatching(detail) });
    expect(report.problems).toHaveLength(/UTF-16/.test(_what) ? 2 : 1);
  });

  it("does not hide a change of an event", async () => {
    await append(2);
    await seal();
    const text = (await exported()).replace('"outcome":"success"', '"outcome":"denied"').replaceAll("\n", "\r\n");
    const { problems } = await check(text);
    expect(problems.map(({ detail }) => detail).join()).toMatch(/CR LF.*an event is not as it was sealed/);
  });
});
