import { execFile } from "node:child_process";
import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { exportAuditLog } from "@/lib/audit/export-audit-log";
import { currentSigningKey } from "@/lib/audit/signing-keys";
import { signCheckpoint, readCheckpoint } from "@/lib/audit/tree/checkpoint";
import { proveConsistency } from "@/lib/audit/tree/prove-consistency";
import { proofText, proveEvent } from "@/lib/audit/tree/prove-event";
import { readVerifierKeys } from "@/lib/audit/tree/read-verifier-keys";
import { noteKeyId, readVerifierKey, verifierKey } from "@/lib/core/crypto/verifier-key";
import { newId } from "@/lib/core/new-id";
import { exportResponse } from "@/lib/http/audit-export-response";
import type { OperationContext } from "@/lib/operation/operation";
import { programsProblem } from "../../../scripts/launch/debian-programs.mjs";
import { append, asAttacker, auditorContext, emptyLog, eventIds, seal } from "../../support/log-under-test";
import { runCommand } from "../../support/run-command";
import { isThorough } from "../../support/seeds";

let proof: string;
let consistency: { proof: string; older: string };
let vkey: string;

beforeAll(async () => {
  await emptyLog();
  for (const count of [5, 9, 2, 30]) {
    await append(count);
    await seal();
  }
  ({ proof } = await proveEvent(auditorContext(), { eventId: (await eventIds())[7]! }));
  consistency = await proveConsistency(auditorContext(), { from: 16 });
  [vkey] = (await readVerifierKeys(auditorContext(), {})) as [string];
});

const base64 = (bytes: Buffer) => bytes.toString("base64");
const otherHash = base64(Buffer.alloc(32, 5));
const originOf = () => readCheckpoint(proof.split("\n\n").slice(1).join("\n\n"))!.origin;
const checkpointStart = (text: string) => text.indexOf("\n\n") + 2;

/** The proof with a checkpoint of another tree, signed by this key. */
function withCheckpoint(text: string, change: object, key = currentSigningKey().privateKey): string {
  const note = text.slice(checkpointStart(text));
  return text.slice(0, checkpointStart(text)) + signCheckpoint({ ...readCheckpoint(note)!, ...change }, key);
}

const stranger = generateKeyPairSync("ed25519").privateKey;

/** Each gives a proof that is not ours any more; the verifiers know the true name and key. */
const tampered: [string, (text: string) => string][] = [
  ["another root", (text) => withCheckpoint(text, { root: "05".repeat(32) })],
  ["another size", (text) => withCheckpoint(text, { size: 30 })],
  ["another key", (text) => withCheckpoint(text, {}, stranger)],
  ["another origin", (text) => withCheckpoint(text, { origin: "portal.example/another/1" })],
  [
    "a size changed after signing",
    (text) => text.replace(/\n(\d+)\n([^\n]+\n\n— )/, (_all, n, rest) => `\n${Number(n) + 1}\n${rest}`),
  ],
  ["a cut proof", (text) => text.replace(/\n[^\n ]{44}\n\n/, "\n\n")],
  ["a changed hash", (text) => text.replace(/\n[^\n ]{44}\n\n/, `\n${otherHash}\n\n`)],
];
const denied = (line: string) => line.replace('"outcome":"success"', '"outcome":"denied"');
const tamperedEntry: typeof tampered = [
  [
    "a changed event",
    (text) =>
      text.replace(
        /^extra (.+)$/m,
        (_all, line: string) => `extra ${base64(Buffer.from(denied(Buffer.from(line, "base64").toString())))}`,
      ),
  ],
  ["another place", (text) => text.replace(/^index .+$/m, "index 3")],
];

describe("@sigstore/verify", () => {
  // Its package exports no verifier of checkpoints and inclusion alone.
  const require = createRequire(import.meta.url);
  const { verifyCheckpoint } = require("@sigstore/verify/dist/tlog/checkpoint.js");
  const { verifyMerkleInclusion } = require("@sigstore/verify/dist/tlog/merkle.js");

  function verify(text: string): void {
    const lines = text.split("\n\n")[0]!.split("\n");
    const entry = {
      canonicalizedBody: Buffer.from(lines[1]!.slice("extra ".length), "base64"),
      inclusionProof: {
        logIndex: lines[2]!.slice("index ".length),
        hashes: lines.slice(3).map((line) => Buffer.from(line, "base64")),
        checkpoint: { envelope: text.slice(checkpointStart(text)) },
      },
    };
    const { name, publicKey } = readVerifierKey(vkey, 1);
    const logId = Buffer.from(noteKeyId(name, publicKey), "hex");
    verifyMerkleInclusion(entry, verifyCheckpoint(entry, [{ logID: logId, publicKey, baseURL: name }]));
  }

  it("verifies a checkpoint and that an event is in its tree", () => {
    expect(() => verify(proof)).not.toThrow();
  });

  it.each([...tampered, ...tamperedEntry])("refuses %s", (_what, change) => {
    expect(change(proof)).not.toBe(proof);
    expect(() => verify(change(proof))).toThrow();
  });

  it("verifies the events of a filtered export, and no other lines", async () => {
    const exported = await exportAuditLog(auditorContext(), { action: "recording.play_granted" });
    const lines = (await exportResponse(exported).text()).split("\n");
    const { section } = JSON.parse(lines[1]!) as { section: { checkpoint: string } };
    const proofs = lines.filter((line) => line.startsWith('{"proof":'));
    expect(proofs.length).toBe(46);
    for (const line of proofs) {
      const { tree } = (JSON.parse(line) as { proof: { tree: { index: number; path: string[] } } }).proof;
      const event = lines[lines.indexOf(line) - 1]!;
      expect(() => verify(proofText(event, tree.index, tree.path, section.checkpoint))).not.toThrow();
      expect(() => verify(proofText(denied(event), tree.index, tree.path, section.checkpoint))).toThrow();
    }
  });
});

describe("a proof", () => {
  it("is refused for an unknown event, for sizes without a checkpoint, and to who may not ask", async () => {
    const admin = { ...auditorContext(), actor: { ...auditorContext().actor, role: "admin" } } as OperationContext;
    await expect(proveEvent(admin, { eventId: newId() })).rejects.toMatchObject({ code: "forbidden" });
    await expect(proveConsistency(admin, { from: 6 })).rejects.toMatchObject({ code: "forbidden" });
    const unknown = { eventId: newId() };
    await expect(proveEvent(auditorContext(), unknown)).rejects.toMatchObject({ code: "not_found" });
    await expect(proveConsistency(auditorContext(), { from: 3 })).rejects.toMatchObject({ code: "not_found" });
    await expect(proveConsistency(auditorContext(), { from: 50, to: 6 })).rejects.toMatchObject({ code: "not_found" });
  });

  it("has a key that names the tree", () => {
    const { name, publicKey } = readVerifierKey(vkey, 1);
    expect(name).toBe(originOf());
    expect(verifierKey(name, publicKey)).toBe(vkey);
    expect(publicKey.equals(createPublicKey(currentSigningKey().privateKey))).toBe(true);
    expect(() => readVerifierKey(`x${vkey}`, 1)).toThrow("does not fit");
    expect(() => readVerifierKey(vkey, 4)).toThrow();
  });
});

const golang = {
  name: "Go",
  programs: ["go"],
  files: ["/usr/share/gocode/src/golang.org/x/mod/sumdb/tlog/tlog.go"],
  packages: ["golang-go", "golang-golang-x-mod-dev"],
  message: "  Installing Go and its x/mod from Debian's packages (once; ten seconds) ...",
};
const problem = isThorough ? programsProblem(golang) : "only in a thorough run";
if (isThorough && problem) console.warn(`  Go's verifier is skipped: ${problem}`);

describe.skipIf(problem)("Go's x/mod", () => {
  let folder: string;
  let program: string;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "custodia-tlog-"));
    program = path.join(folder, "verify-tlog");
    const source = fileURLToPath(new URL("./verify-tlog.go", import.meta.url));
    const env = {
      ...process.env,
      GO111MODULE: "off",
      GOPATH: "/usr/share/gocode",
      GOCACHE: path.join(folder, "cache"),
    };
    await promisify(execFile)("go", ["build", "-o", program, source], { env });
  });

  async function verify(kind: "inclusion" | "consistency", ...texts: string[]): Promise<string> {
    const files = texts.map((_, index) => path.join(folder, `${kind}-${index}`));
    await Promise.all(files.map((file, index) => writeFile(file, texts[index]!)));
    return (await promisify(execFile)(program, [vkey, kind, ...files])).stdout;
  }

  it("verifies that an event is in the tree, and that the tree only grew", async () => {
    expect(await verify("inclusion", proof)).toBe("verified\n");
    expect(await verify("consistency", consistency.older, consistency.proof)).toBe("verified\n");
  });

  it.each([...tampered, ...tamperedEntry])("refuses inclusion with %s", async (_what, change) => {
    await expect(verify("inclusion", change(proof))).rejects.toMatchObject({ code: 1 });
  });

  it.each(tampered)("refuses consistency with %s", async (_what, change) => {
    await expect(verify("consistency", consistency.older, change(consistency.proof))).rejects.toMatchObject({
      code: 1,
    });
  });
});

it("is what the commands print", async () => {
  const run = (...args: string[]) => runCommand("scripts/audit.ts", args);
  const eventId = (await eventIds())[7]!;
  const folder = await mkdtemp(path.join(tmpdir(), "custodia-proof-"));
  const out = path.join(folder, "growth.txt");
  expect(await run("public-key", "--vkey")).toMatchObject({ code: 0, stdout: `${vkey}\n` });
  expect(await run("proof", "--event", eventId)).toMatchObject({ code: 0, stdout: proof });
  expect(await run("consistency", "--from", "16", "--out", out)).toMatchObject({ code: 0 });
  expect(await readFile(out, "utf8")).toBe(consistency.proof);
  expect(await readFile(`${out}.older`, "utf8")).toBe(consistency.older);
  expect(await run("consistency", "--from", "17")).toMatchObject({ code: 2, stdout: "" });
  expect(await run("restore-tiles")).toMatchObject({ code: 0, stdout: "", stderr: "0 objects written.\n" });
});

it("is not given out when the stored leaves do not lead to the signed root", async () => {
  await asAttacker(
    (sql) =>
      sql`update audit_seals set leaves = set_byte(leaves, 1, (get_byte(leaves, 1) + 1) % 256) where sequence = 3`,
  );
  await expect(proveEvent(auditorContext(), { eventId: (await eventIds())[7]! })).rejects.toThrow("signed root");
});
