import { readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { RefusedForm } from "@/lib/core/refused-forms";
import { audioTypeOfName } from "@/lib/core/accepted-audio-types";
import { readRecording } from "@/lib/recordings/read-recording";
import { person } from "../../support/actors";
import { audioOf, type Audio } from "../../support/audio-fixtures";
import { call } from "../../support/portal";
import {
  askTicket,
  callMetadata,
  complete,
  completeTicket,
  phoneSystem,
  plainMetadata,
  problemOf,
  putContent,
  recordingRow,
  refusal,
  sendBytes,
  type PhoneSystem,
  type Ticket,
} from "../../support/uploads";

const fixtures = path.resolve(import.meta.dirname, "../../fixtures");
const bytesOf = (file: string) => readFileSync(path.join(fixtures, file));
const file = (name: string, contentType = audioTypeOfName(name)!): Audio =>
  audioOf(path.basename(name), bytesOf(name), contentType);

let system: PhoneSystem;

beforeAll(async () => {
  system = await phoneSystem();
});

async function send(audio: Audio): Promise<{ ticket: Ticket; completed: Response }> {
  const ticket = (await (await askTicket(system.headers, callMetadata(system.unitCode, audio))).json()) as Ticket;
  expect((await sendBytes(ticket, audio.bytes)).status).toBe(200);
  return { ticket, completed: await completeTicket(system.headers, ticket) };
}

/** An MP4 whose index lies behind more sound than one read of the portal. */
function indexBehind(name: string, soundBytes: number): Audio {
  const bytes = bytesOf(name);
  const moov = bytes.indexOf("moov") - 4;
  const mdat = Buffer.alloc(soundBytes);
  mdat.writeUInt32BE(soundBytes, 0);
  mdat.write("mdat", 4);
  return audioOf("index-behind.mp4", Buffer.concat([bytes.subarray(0, moov), mdat, bytes.subarray(moov)]), "audio/mp4");
}

const little = (rate: number) => `audio/l16;rate=${rate};channels=1;endianness=little-endian`;

describe("what phone systems write is stored, with its type and codec", () => {
  test.each<[audio: Audio, codec: string, contentType?: string]>([
    [file("recorders/asterisk22-wav49-4s.WAV"), "wav49"],
    [file("recorders/asterisk22-gsm-4s.gsm"), "gsm", "audio/gsm"],
    [file("recorders/asterisk22-wav16-1.5s.wav16"), "pcm_s16le", "audio/wav"],
    [file("recorders/fmt-amr.3gp"), "amr_nb", "audio/3gpp"],
    [file("recorders/fmt-amr.3gp", "audio/mp4"), "amr_nb", "audio/3gpp"],
    [file("recorders/fmt-wav-mp3.wav"), "mp3", "audio/wav"],
    [file("formats/amr.amr"), "amr_nb", "audio/amr"],
    [file("formats/adts.aac"), "aac", "audio/aac"],
    [file("formats/opus.webm"), "opus", "audio/webm"],
    [file("formats/opus.oga"), "opus", "audio/ogg"],
    [file("formats/speex.spx"), "speex", "audio/ogg"],
    [file("formats/mulaw.au"), "mulaw", "audio/basic"],
    [file("formats/mulaw.ulaw"), "mulaw", "audio/pcmu;rate=8000"],
    [file("formats/mulaw.ulaw", "audio/basic"), "mulaw", "audio/pcmu;rate=8000"],
    [file("formats/alaw.alaw", "audio/PCMA; rate=8000"), "alaw", "audio/pcma;rate=8000"],
    [file("formats/slin.sln"), "pcm_s16le", little(8000)],
    [file("formats/slin.sln", "audio/L16; rate=8000; channels=1"), "pcm_s16le", little(8000)],
    [file("formats/g722.g722"), "g722", "audio/g722"],
    [file("formats/opus-fragmented.mp4"), "opus", "audio/mp4"],
    [indexBehind("formats/aac-index-last.mp4", 3_000_000), "aac", "audio/mp4"],
  ])("$0.name as $0.contentType", async (audio, codec, contentType = audio.contentType) => {
    const { ticket, completed } = await send(audio);
    expect(completed.status).toBe(200);
    expect(await recordingRow(ticket.id)).toMatchObject({ state: "stored", codec, contentType });
  });

  test("through the portal, with the declared type of sound without a header", async () => {
    const audio = file("formats/alaw.alaw");
    const asked = await askTicket(system.headers, plainMetadata(system.unitCode, audio));
    const { id, upload } = (await asked.json()) as Ticket;
    expect(upload).toMatchObject({ kind: "content", headers: { "content-type": "audio/pcma" } });
    const put = await putContent(system.headers, id, audio.bytes, { "content-type": audio.contentType });
    expect(put.status).toBe(200);
    expect(await recordingRow(id)).toMatchObject({ codec: "alaw", contentType: "audio/pcma;rate=8000" });
  });
});

describe("what is refused is named", () => {
  test.each<[audio: Audio, form: RefusedForm]>([
    [file("formats/refused-film.mp4"), "video"],
    [indexBehind("formats/refused-film.mp4", 200_000), "video"],
    [file("formats/refused-aiff.aiff", "audio/wav"), "aiff"],
    [audioOf("a.wav", Buffer.from('MJR00002\0\x10{"t":"a","c":"opus"}')), "janus_mjr"],
    [audioOf("a.wav", Buffer.from("MThd\0\0\0\x06\0\x01\0\x02\0\x60MTrk")), "midi"],
    [file("formats/alaw.alaw", "audio/gsm"), "not_that_codec"],
    [audioOf("page.ul", Buffer.from("<html><script>alert(1)</script></html>"), "audio/basic"), "html"],
    [file("formats/alaw.alaw", "audio/wav"), "unknown"],
  ])("$0.name as $0.contentType: $1", async (audio, form) => {
    const { ticket, completed } = await send(audio);
    const named = { ...refusal(422, "not_audio"), body: { fields: [{ path: "content", reason: form }] } };
    expect(await problemOf(completed)).toMatchObject(named);
    // The same answer for the same ticket, and on the page.
    expect(await problemOf(await completeTicket(system.headers, ticket))).toMatchObject(named);
    expect(await recordingRow(ticket.id)).toMatchObject({ state: "rejected", rejectionForm: form, codec: null });
    const read = await call("GET", `/api/recordings/${ticket.id}`, { headers: system.headers });
    expect(await read.json()).toMatchObject({ rejectionCode: "not_audio", rejectionForm: form });
  });

  test("audio of another type than declared, by its type; sent again rightly it is stored", async () => {
    const wrong = file("formats/bare.mp3", "audio/l16;rate=8000");
    const { ticket, completed } = await send(wrong);
    const body = { fields: [{ path: "content", reason: "audio/mpeg" }] };
    expect(await problemOf(completed)).toMatchObject({ ...refusal(415, "unsupported_media_type"), body });
    const right = callMetadata(system.unitCode, file("formats/bare.mp3"));
    const asked = (await (await askTicket(system.headers, right)).json()) as Ticket;
    await sendBytes(asked, wrong.bytes);
    expect((await complete(system.headers, asked.id)).status).toBe(200);
    expect(await recordingRow(asked.id)).toMatchObject({ state: "stored", rejectionForm: null, codec: "mp3" });
    expect(await recordingRow(ticket.id)).toMatchObject({ rejectionForm: "audio/mpeg" });
  });

  test.each([
    ["audio/l16", [{ path: "contentType", reason: "rate" }]],
    ["audio/gsm;channels=2", [{ path: "contentType", reason: "channels" }]],
    ["audio/G729", [{ path: "contentType", reason: "g729_raw" }]],
    ["video/mp4", [{ path: "contentType", reason: "video" }]],
    ["application/octet-stream", undefined],
  ])("%s at the first request", async (contentType, fields) => {
    const audio = file("formats/bare.mp3", contentType);
    const asked = await askTicket(system.headers, callMetadata(system.unitCode, audio));
    const problem = await problemOf(asked);
    expect(problem).toMatchObject(refusal(415, "unsupported_media_type"));
    expect(problem.body.fields).toEqual(fields);
  });
});

test("the page's facts have the codec, and whether browsers play it", async () => {
  const { ticket } = await send(file("formats/g722.wav"));
  const { context } = await person("dpo");
  expect((await readRecording(context, { recordingId: ticket.id })).codec).toEqual({
    codec: "g722",
    name: "G.722",
    plays: "needs_copy",
  });
});
