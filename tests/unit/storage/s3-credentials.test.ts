import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { credentialsFromFile } from "@/lib/storage/s3/s3-credentials-file";
import { createObjectStore } from "@/lib/storage/store-from-config";

const json = (name: string, more: object = {}) =>
  JSON.stringify({ Version: 1, AccessKeyId: `AKIA${name}`, SecretAccessKey: `secret of ${name}`, ...more });
const ini = (name: string) =>
  "[other]\naws_access_key_id = AKIAOTHER\naws_secret_access_key = x\n\n" +
  `[default]\naws_access_key_id = AKIA${name}\naws_secret_access_key = secret of ${name}\n` +
  `aws_session_token = token-${name}\n`;

describe("keys in a file", () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    vi.useFakeTimers({ now: new Date("2026-03-01T12:00:00Z"), toFake: ["Date"] });
    folder = await mkdtemp(join(tmpdir(), "custodia-keys-"));
    path = join(folder, "keys");
  });
  afterEach(async () => {
    vi.useRealTimers();
    await rm(folder, { recursive: true });
  });
  /** As a secrets manager writes it: completely under another name, then renamed. */
  async function replace(content: string) {
    await writeFile(`${path}.new`, content);
    await rename(`${path}.new`, path);
    vi.setSystemTime(Date.now() + 1500);
  }

  it("are read as JSON and as ini", async () => {
    await replace(json("ONE", { SessionToken: "token", Expiration: "2026-03-01T13:00:00Z" }));
    expect(await credentialsFromFile(path)()).toEqual({
      accessKeyId: "AKIAONE",
      secretAccessKey: "secret of ONE",
      sessionToken: "token",
      expiration: new Date("2026-03-01T13:00:00Z"),
    });
    await replace(ini("TWO"));
    expect(await credentialsFromFile(path)()).toEqual({
      accessKeyId: "AKIATWO",
      secretAccessKey: "secret of TWO",
      sessionToken: "token-TWO",
    });
  });

  it("rotate without a new store; unchanged keys stay the same object", async () => {
    await replace(json("ONE"));
    const provider = credentialsFromFile(path);
    const store = createObjectStore({
      kind: "s3",
      region: "x",
      bucket: "bucket",
      credentials: provider,
      forcePathStyle: false,
      encryption: { kind: "none" },
      profile: "aws",
    });
    const keyOf = async () =>
      new URL((await store.signDownload({ key: "k/1", expiresInSeconds: 60 })).url).searchParams
        .get("X-Amz-Credential")!
        .split("/")[0];
    expect(await keyOf()).toBe("AKIAONE");
    const before = await provider();
    vi.setSystemTime(Date.now() + 5000);
    expect(await provider()).toBe(before);
    await replace(json("TWO"));
    expect(await keyOf()).toBe("AKIATWO");
  });

  it("stay in use until they expire, while the file is half written or missing", async () => {
    await replace(json("ONE", { Expiration: "2026-03-01T12:30:00Z" }));
    const provider = credentialsFromFile(path);
    await provider();
    await replace(json("TWO").slice(0, 30));
    expect(await provider()).toMatchObject({ accessKeyId: "AKIAONE" });
    await rm(path);
    vi.setSystemTime(Date.now() + 1500);
    expect(await provider()).toMatchObject({ accessKeyId: "AKIAONE" });
    vi.setSystemTime(new Date("2026-03-01T12:30:01Z"));
    await expect(provider()).rejects.toMatchObject({ code: "forbidden" });
    await replace(json("TWO"));
    expect(await provider()).toMatchObject({ accessKeyId: "AKIATWO" });
  });

  it("are refused when the file has none", async () => {
    await expect(credentialsFromFile(path)()).rejects.toMatchObject({ code: "forbidden" });
    await replace("[default]\nregion = x\n");
    await expect(credentialsFromFile(path)()).rejects.toMatchObject({ code: "forbidden" });
  });
});
