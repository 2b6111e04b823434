import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fromDisk } from "@/scripts/recordings/file-paths";
import { findRemovedOriginal, forgetRemoved, rememberRemoved } from "@/scripts/recordings/spool/removed-originals";

let spool: string;

beforeEach(async () => {
  spool = await mkdtemp(path.join(tmpdir(), "custodia-removed-"));
});

afterEach(() => rm(spool, { recursive: true }));

const at = (name: string, folder = spool) => path.join(folder, name);
const name = "q-600-11940001234-20261120-140322-1795194202.42";
const keyFile = () => at(".removed/.key");
const digestOf = (stem: string) => createHash("sha256").update(stem).digest("hex");

/** The names of the small files. */
const marks = async (folder = spool) =>
  (await readdir(at(".removed", folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && entry.name !== ".key")
    .map((entry) => entry.name);

/** As an earlier release remembered an original. */
async function rememberWithoutKey(stem: string): Promise<void> {
  const digest = digestOf(stem);
  await mkdir(at(`.removed/${digest.slice(0, 2)}`), { recursive: true });
  await writeFile(at(`.removed/${digest.slice(0, 2)}/${digest}`), ".wav");
}

test("a removed original is known by its compressed copy; its name cannot be guessed from what is kept", async () => {
  await rememberRemoved(spool, at(`${name}.wav`));
  expect(await findRemovedOriginal(spool, at(`${name}.mp3`))).toBe(at(`${name}.wav`));
  expect(await findRemovedOriginal(spool, at(`${name.replace("1234", "1235")}.mp3`))).toBeNull();
  expect(await marks()).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
  expect(await marks()).not.toContain(digestOf(name));
  const key = await readFile(keyFile());
  expect(key).toHaveLength(32);
  expect([(await stat(keyFile())).mode & 0o777, (await stat(at(".removed"))).mode & 0o777]).toEqual([0o600, 0o700]);

  const other = at("other");
  await mkdir(other);
  await rememberRemoved(other, at(`${name}.wav`, other));
  expect(await marks(other)).not.toEqual(await marks());
});

test("names that are not UTF-8 are remembered as their bytes", async () => {
  const latin = (bytes: number[]) => at(fromDisk(Buffer.from([0x67, ...bytes])));
  await rememberRemoved(spool, `${latin([0xe3])}.wav`);
  expect(await findRemovedOriginal(spool, `${latin([0xe3])}.mp3`)).toBe(`${latin([0xe3])}.wav`);
  expect(await findRemovedOriginal(spool, `${latin([0xe7])}.mp3`)).toBeNull();
  expect(await findRemovedOriginal(spool, at("gã.mp3"))).toBeNull();
});

test("what an earlier release remembered is known, and forgotten after its month; the key stays", async () => {
  await rememberWithoutKey(name);
  expect(await findRemovedOriginal(spool, at(`${name}.mp3`))).toBe(at(`${name}.wav`));
  await rememberRemoved(spool, at("later.wav"));
  expect(await findRemovedOriginal(spool, at(`${name}.mp3`))).toBe(at(`${name}.wav`));
  const key = await readFile(keyFile());
  await forgetRemoved(spool, new AbortController().signal, Date.now() + 31 * 86_400_000);
  expect([await marks(), await findRemovedOriginal(spool, at(`${name}.mp3`))]).toEqual([[], null]);
  expect(await readFile(keyFile())).toEqual(key);
});

test("originals that are removed at once share one key", async () => {
  const names = Array.from({ length: 20 }, (_, index) => `call-${index}`);
  await Promise.all(names.map((stem) => rememberRemoved(spool, at(`${stem}.wav`))));
  for (const stem of names) expect(await findRemovedOriginal(spool, at(`${stem}.mp3`))).toBe(at(`${stem}.wav`));
  expect((await readdir(at(".removed"))).filter((entry) => entry.startsWith("."))).toEqual([".key"]);
});

test("a key of which a power failure left a part is replaced", async () => {
  await mkdir(at(".removed"));
  await writeFile(keyFile(), "");
  expect(await findRemovedOriginal(spool, at(`${name}.mp3`))).toBeNull();
  await rememberRemoved(spool, at(`${name}.wav`));
  expect(await findRemovedOriginal(spool, at(`${name}.mp3`))).toBe(at(`${name}.wav`));
  expect(await readFile(keyFile())).toHaveLength(32);
});
