import { spawnSync } from "node:child_process";
import { copyFile, mkdir, open, readdir, readFile, rename, symlink, utimes, writeFile } from "node:fs/promises";
import { createServer, request as ask, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { database } from "@/lib/db/client";
import { recordings } from "@/lib/db/schema";
import { fromDisk, onDisk } from "@/scripts/recordings/file-paths";
import { audioFolder } from "../../../support/audio-fixtures";
import { startPortalServer, type PortalServer } from "../../../support/portal-server";
import { compressedCall, freepbx, makeSpool, runOnSpool, wavs, type Spool } from "../../../support/spool-command";
import { recordersFolder } from "../../../support/recorder-fixtures";
import { phoneSystem, type PhoneSystem } from "../../../support/uploads";

let portal: PortalServer;
let proxy: Server;
let server: { origin: string };
let system: PhoneSystem;
const limit = { bytes: Infinity };

beforeAll(async () => {
  portal = await startPortalServer();
  proxy = await startProxy(portal.origin);
  server = { origin: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` };
  // Signed links lead through the proxy too.
  process.env.NEXTAUTH_URL = server.origin;
  system = await phoneSystem();
});
afterAll(async () => {
  proxy.close();
  await portal.close();
});

/** A proxy that refuses bodies above `limit`, as nginx does, with a page of its own. */
async function startProxy(origin: string): Promise<Server> {
  const proxy = createServer((incoming, outgoing) => {
    if (Number(incoming.headers["content-length"] ?? 0) > limit.bytes) {
      incoming.resume();
      return void outgoing
        .writeHead(413, { "content-type": "text/html" })
        .end("<html>413 Request Entity Too Large</html>");
    }
    const { method, url, headers } = incoming;
    const passed = ask(new URL(url!, origin), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(passed);
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  return proxy;
}

type Command = Parameters<typeof runOnSpool>[0];
const run = (command: Command, own: Spool, ...parameters: string[]) =>
  // The calls of the names are of March 2026.
  runOnSpool(command, own, { server, system }, [...parameters, ...(command === "import" ? ["--accept-due"] : [])]);
const recorder = (name: string) => path.join(recordersFolder, name);
const until = (check: () => Promise<void> | void) => vi.waitFor(check, { timeout: 60_000, interval: 50 });
const masked = (name: string) => name.replace(/-600-\d+-/, "-xxx-xxxxxxxxxxx-").replace(/^q/, "x");

/** A folder as phone systems leave it. */
async function mixedFolder() {
  const own = await makeSpool();
  await own.putCall(1);
  await own.put(`${freepbx(2)}.mjr`, recorder("asterisk22-gsm-4s.gsm"));
  await own.put(`${freepbx(3)}.zip`, recorder("asterisk22-gsm-4s.gsm"));
  await own.put(`${freepbx(4)}.ogg`, recorder("asterisk22-vorbis-cut-no-eos.ogg"));
  await own.put("no name.wav", path.join(audioFolder, wavs[0]!));
  await own.put("page", path.join(audioFolder, wavs[0]!));
  await writeFile(path.join(own.folder, `${freepbx(5)}.mp3`), "");
  await utimes(path.join(own.folder, `${freepbx(5)}.mp3`), 1, 1);
  await symlink("/nowhere.wav", path.join(own.folder, `${freepbx(6)}.wav`));
  await mkdir(path.join(own.folder, "in"));
  await own.put(`in/${freepbx(7)}.wav`, path.join(audioFolder, wavs[0]!));
  await own.put(`${freepbx(8)}-in.wav`, path.join(audioFolder, wavs[0]!));
  return own;
}

const exclude = ["--exclude", "in/**", "--exclude", "*-in.wav"];

test("watch --once names every file with what became of it", async () => {
  const own = await mixedFolder();
  const report = `${own.folder}.csv`;
  const watching = run("watch", own, "--once", ...exclude, "--report", report);
  expect(await watching.closed).toBe(1);
  const said = Object.fromEntries(watching.lines().map(({ file, outcome, problem }) => [file, [outcome, problem]]));
  expect(said).toEqual({
    [masked(`${freepbx(1)}.wav`)]: ["stored", undefined],
    [masked(`${freepbx(2)}.mjr`)]: [
      "not_taken",
      expect.stringMatching(/takes no \.mjr; Janus .* convert it with janus-pp-rec/),
    ],
    [masked(`${freepbx(3)}.zip`)]: ["not_taken", "type: the portal takes no .zip; unpack it"],
    [masked(`${freepbx(4)}.ogg`)]: ["waiting", "unfinished: its end is missing"],
    "xx xxxx.wav": ["failed", expect.stringMatching(/^name: /)],
    xxxx: ["not_taken", "type: the name has no extension, such as .wav"],
    [masked(`${freepbx(5)}.mp3`)]: ["failed", "empty_file: the file has no bytes"],
    [masked(`${freepbx(6)}.wav`)]: ["not_taken", "link: leads to no file"],
  });
  expect(watching.errors).toContain(
    "1 stored, 0 stored before, 0 deleted before, 2 failed, 1 waiting, 4 not taken, 2 excluded.",
  );
  // The log has no number in clear; the report, which only its owner can read, has the names.
  expect(watching.output + watching.errors).not.toMatch(/98765/);
  const rows = (await readFile(report, "utf8")).trim().split("\n");
  expect(rows).toHaveLength(1 + 10);
  expect(rows.filter((row) => row.includes(`/${freepbx(4)}.ogg,waiting,`))).toHaveLength(1);
  expect(rows.filter((row) => row.includes(",excluded,"))).toHaveLength(2);
  // Nothing that was left has moved, but what the portal never takes.
  expect(await own.files(".refused")).toEqual([
    "no name.wav",
    "no name.wav.problem.txt",
    `${freepbx(5)}.mp3`,
    `${freepbx(5)}.mp3.problem.txt`,
  ]);
  expect(await own.files()).toContain(`${freepbx(4)}.ogg`);
});

test("watch names what it does not take once, also when it is asked again", async () => {
  const own = await mixedFolder();
  const watching = run("watch", own, "--poll", ...exclude);
  await until(() => expect(watching.lines()).toHaveLength(8));
  // Later scans and changes bring new files only.
  await own.putCall(9);
  await until(() => expect(watching.lines()).toHaveLength(9));
  await own.putCall(10);
  await until(() => expect(watching.lines()).toHaveLength(10));
  expect(await watching.end()).toBe(0);
  expect(await own.stored()).toBe(3);
});

test("import names every file, excluded ones too, and a cut recording is taken with a note", async () => {
  const own = await mixedFolder();
  const report = `${own.folder}.csv`;
  const importing = run("import", own, ...exclude, "--report", report);
  expect(await importing.closed).toBe(1);
  expect(importing.output).toContain(
    "2 stored, 0 stored before, 0 deleted before, 2 failed, 0 waiting, 4 not taken, 2 excluded; ",
  );
  expect(importing.output).toMatch(/entry \d+, .*no name\.wav: name: /);
  expect(importing.output).toMatch(/entry \d+, .*\.mjr: not taken: type: the portal takes no \.mjr/);
  expect(await readFile(report, "utf8")).toMatch(/\.ogg,stored,[0-9a-f-]{36},\d+,file: looks unfinished\n/);
});

test("import leaves a recording that its recorder still writes", async () => {
  const own = await makeSpool();
  const file = await own.put(`${freepbx(1)}.ogg`, recorder("asterisk22-vorbis-cut-no-eos.ogg"));
  const writer = await open(file, "a");
  const importing = run("import", own);
  expect(await importing.closed).toBe(1);
  await writer.close();
  expect(importing.output).toContain(`${freepbx(1)}.ogg: waiting: open: a process has it open for writing`);
  expect(await own.stored()).toBe(0);
});

test.each(["import", "watch"] as const)(
  "%s --dry-run prints the plan and changes nothing",
  async (command) => {
    const own = await mixedFolder();
    const before = await own.files();
    const run = runOnSpool(command, own, { server, system: { ...system, apiKey: "" } }, ["--dry-run", ...exclude]);
    expect(await run.closed).toBe(1);
    const row = (name: string) => run.output.split("\n").find((line) => line.startsWith(name)) ?? "";
    expect(row(`${freepbx(1)}.wav`)).toMatch(/ 2026-03-02 14:05:32 -03:00 +inbound .* q-1772471132\.1 /);
    expect(row(`${freepbx(2)}.mjr`)).toContain("not taken: type: the portal takes no .mjr");
    expect(row(`${freepbx(5)}.mp3`)).toContain("empty_file: the file has no bytes");
    expect(row(`${freepbx(4)}.ogg`)).toContain(command === "watch" ? "waiting: unfinished" : "file: looks unfinished");
    expect(row(`in/${freepbx(7)}.wav`)).toMatch(/ excluded$/);
    expect(row("no name.wav")).toContain("not understood: name: ");
    expect(run.output).toMatch(
      /[12] understood .*, 2 not\. Nothing was uploaded\.\n[01] waiting, 4 not taken, 2 excluded/,
    );
    expect(await own.files()).toEqual(before);
    expect(await own.rows()).toEqual([]);
  },
  60_000,
);

test.each(["import", "watch"] as const)(
  "%s takes a file whose name is not UTF-8",
  async (command) => {
    const own = await makeSpool();
    const name = (count: number) => fromDisk(Buffer.from(`grava\xe7\xe3o/${freepbx(count)}.wav`, "latin1"));
    await mkdir(onDisk(path.join(own.folder, path.dirname(name(1)))));
    for (const count of [1, 2]) {
      const file = onDisk(path.join(own.folder, name(count)));
      await copyFile(path.join(audioFolder, wavs[count]!), file);
      await utimes(file, 1, 1);
    }
    await writeFile(onDisk(path.join(own.folder, fromDisk(Buffer.from("q-\xe3.wav", "latin1")))), "no audio");
    await utimes(onDisk(path.join(own.folder, fromDisk(Buffer.from("q-\xe3.wav", "latin1")))), 1, 1);
    const ended = run(command, own, ...(command === "watch" ? ["--once"] : []));
    expect(await ended.closed).toBe(1);
    expect(await own.stored()).toBe(2);
    if (command === "import") expect(ended.output).toMatch(/entry \d, .*q-ã\.wav: name: /);
    else expect(await readdir(onDisk(path.join(own.folder, ".stored", path.dirname(name(1)))))).toHaveLength(2);
  },
  60_000,
);

test("watch takes files that arrive in a folder whose name is not UTF-8", async () => {
  const own = await makeSpool();
  const watching = run("watch", own);
  await own.putCall(1);
  await until(async () => expect(await own.stored()).toBe(1));
  const folder = path.join(own.folder, fromDisk(Buffer.from("s\xe3o", "latin1")));
  await mkdir(onDisk(folder));
  await copyFile(path.join(audioFolder, wavs[2]!), onDisk(path.join(folder, `${freepbx(2)}.wav`)));
  await until(async () => expect(await own.stored()).toBe(2));
  expect(await watching.end()).toBe(0);
});

test("a WAV and its MP3 are one recording, in import and in watch", async () => {
  const own = await makeSpool();
  await own.putCall(1);
  await own.put(`${freepbx(1)}.mp3`, compressedCall);
  const importing = run("import", own);
  expect(await importing.closed).toBe(0);
  expect(importing.output).toContain("1 stored, 1 stored before, ");
  const watching = run("watch", own, "--once");
  expect(await watching.closed).toBe(0);
  expect(await own.files(".stored")).toEqual([`${freepbx(1)}.mp3`, `${freepbx(1)}.wav`]);
  expect(watching.lines().map(({ outcome, note }) => [outcome, note])).toEqual([
    ["already_stored", undefined],
    ["already_stored", `same recording as ${freepbx(1)}.wav`],
  ]);
  expect(await own.stored()).toBe(1);
});

test("a proxy's 413 is explained once, and smaller files are sent", async () => {
  const own = await makeSpool();
  for (const count of [1, 2]) await own.putCall(count);
  await own.put(`${freepbx(3)}.opus`, recorder("asterisk22-opus-4s.opus"));
  limit.bytes = 100_000;
  const importing = run("import", own);
  const code = await importing.closed;
  limit.bytes = Infinity;
  expect(code).toBe(1);
  expect(importing.output).toMatch(/1 stored, .* 2 failed/);
  expect(importing.output).toContain("http_413: a proxy before the portal or its store refuses bodies of this size");
  expect(importing.errors.match(/client_max_body_size/g)).toHaveLength(1);
});

test("takes a stored file back that grew after it was moved, also before this start", async () => {
  const own = await makeSpool();
  const file = await own.putCall(1);
  expect(await run("watch", own, "--once").closed).toBe(0);
  const place = path.join(own.folder, ".stored", path.basename(file));
  expect(await run("watch", own, "--once").closed).toBe(0);
  const longer = path.join(audioFolder, wavs[2]!);
  await writeFile(place, await readFile(longer));
  const watching = run("watch", own);
  // The line is printed once the file lies in its place again.
  await until(() => expect(watching.lines().map(({ outcome }) => outcome)).toContain("stored"));
  expect(await own.stored()).toBe(2);
  expect(await watching.end()).toBe(0);
  expect(watching.output).toContain("file: written to after it was stored; it is sent again");
  expect(await readFile(place)).toEqual(await readFile(longer));
});

test("files that fail again and again keep no good one waiting", async () => {
  const own = await makeSpool();
  for (let index = 0; index < 40; index += 1) await own.put(`stuck-${index}.wav`, path.join(audioFolder, wavs[0]!));
  const watching = run("watch", own, "--sidecar", "--concurrency", "1", "--retry", "0.1");
  await until(() => expect(watching.lines().length).toBeGreaterThan(80));
  const file = await own.put("good.wav", path.join(audioFolder, wavs[1]!));
  const facts = {
    sourceCallId: "good",
    unit: system.unitCode,
    direction: "inbound",
    startedAt: "2026-03-02T14:05:31-03:00",
  };
  await writeFile(`${file}.json.new`, JSON.stringify(facts));
  await rename(`${file}.json.new`, `${file}.json`);
  await until(async () => expect(await own.stored()).toBe(1));
  expect(await watching.end()).toBe(0);
});

test("a recording without sound is stored at once, says so, and may be removed", async () => {
  const own = await makeSpool();
  await own.put(`${freepbx(1)}.wav`, recorder("asterisk22-silent-call-44-bytes.wav"));
  await own.put(`${freepbx(2)}.ogg`, recorder("asterisk22-silent-call-no-samples.ogg"));
  await own.putCall(3);
  const watching = run("watch", own, "--once", "--remove-stored");
  expect(await watching.closed).toBe(0);
  expect(
    watching
      .lines()
      .map(({ outcome, note }) => [outcome, note ?? ""])
      .sort(),
  ).toEqual([
    ["stored", ""],
    ["stored", "file: has no sound"],
    ["stored", "file: has no sound"],
  ]);
  expect(await own.files()).toEqual([]);
  expect(await own.stored()).toBe(3);
});

test("--channels declares both sides of files whose header says one", async () => {
  const own = await makeSpool();
  const wav = await readFile(path.join(audioFolder, "call-02-wav-pcm-stereo.wav"));
  const bothSides = async (name: string, bytes: Buffer) => {
    await writeFile(path.join(own.folder, name), bytes);
    await utimes(path.join(own.folder, name), 1, 1);
  };
  await bothSides(`${freepbx(1)}.wav`, withOneChannel(wav));
  await bothSides(`${freepbx(2)}.raw`, wav.subarray(44));
  await own.put(`${freepbx(3)}.WAV`, recorder("asterisk22-wav49-4s.WAV"));
  expect(await run("watch", own, "--once", "--channels", "2").closed).toBe(0);
  const { contentType, channels, sourceCallId, source } = recordings;
  const rows = await database()
    .select({ contentType, channels })
    .from(recordings)
    .where(eq(source, own.source))
    .orderBy(sourceCallId);
  expect(rows).toEqual([
    { contentType: "audio/wav;channels=2", channels: 2 },
    { contentType: "audio/l16;rate=8000;channels=2;endianness=little-endian", channels: 2 },
    { contentType: "audio/wav", channels: 1 },
  ]);
  const refused = run("watch", own, "--once", "--channels", "3");
  expect([await refused.closed, refused.errors]).toEqual([2, expect.stringContaining("Allowed choices are 2")]);
});

/** As MixMonitor with option D writes it: two channels of sound, and a header that says one. */
function withOneChannel(wav: Buffer): Buffer {
  const bytes = Buffer.from(wav);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(bytes.readUInt32LE(28) / 2, 28);
  bytes.writeUInt16LE(2, 32);
  return bytes;
}

/** Sets a limit for the process in a user namespace of its own. */
const withWatches = (count: number) => [
  "unshare",
  "-Ur",
  "sh",
  "-c",
  `echo ${count} > /proc/sys/user/max_inotify_watches && exec "$0" "$@"`,
];
const mayLimit = spawnSync(withWatches(1)[0]!, [...withWatches(1).slice(1), "true"]).status === 0;

test.runIf(mayLimit)(
  "scans the folder when the system watches no more folders, and says so once",
  async () => {
    const own = await makeSpool();
    for (const name of ["a", "b", "c", "d"]) await mkdir(path.join(own.folder, name));
    const watching = runOnSpool("watch", own, { server, system }, [], withWatches(2));
    await until(() => expect(watching.errors).toContain("fs.inotify.max_user_watches"));
    await own.put(`d/${freepbx(1)}.wav`, path.join(audioFolder, wavs[0]!));
    await until(async () => expect(await own.stored()).toBe(1));
    await own.put(`a/${freepbx(2)}.wav`, path.join(audioFolder, wavs[1]!));
    await until(async () => expect(await own.stored()).toBe(2));
    expect(await watching.end()).toBe(0);
    expect(watching.errors.match(/cannot watch more folders/g)).toHaveLength(1);
  },
  60_000,
);
