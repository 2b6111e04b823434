import { createHash } from "node:crypto";
import { typeWithoutParameters } from "@/lib/core/accepted-audio-types";
import type { PackageContent, PackagedAudio, PackagedRecording } from "@/lib/subject-requests/package/package-content";
import type { NamedCall } from "@/lib/subject-requests/package/package-plan";
import { vconVersion, type Vcon } from "@/lib/subject-requests/package/vcon-schema";

type Dialog = Vcon["dialog"][number];

/** The person and the company, in the order of `parties`. */
const [person, company] = [0, 1];

/**
 * One call as a vCon with its audio in it, piece by piece: the audio is never whole in memory.
 * @param read reads an audio and checks it.
 */
export async function* vconPieces(
  content: PackageContent,
  { call, recordings }: NamedCall,
  read: (audio: PackagedAudio) => AsyncIterable<Uint8Array>,
): AsyncGenerator<string> {
  const withAudio = recordings.filter(({ recording }) => recording.audio);
  // Not in any text of a call: the first character is not in the alphabet of a body.
  const place = (index: number) => `%${index}%`;
  const dialog = withAudio.map(({ recording, name }, index) => dialogOf(recording, name!, place(index)));
  const number = recordings.find(({ recording }) => recording.number)?.recording.number;
  const vcon: Vcon = {
    ...{ vcon: vconVersion, uuid: vconId(call.id), created_at: content.createdAt.toISOString() },
    parties: [number ? { tel: `tel:${number}` } : {}, { name: content.controller }],
    ...{ dialog, analysis: [], attachments: [] },
  };
  let rest = JSON.stringify(vcon);
  for (const [index, { recording }] of withAudio.entries()) {
    const body = `"body":"${place(index)}"`;
    const at = rest.indexOf(body) + body.length - place(index).length - 1;
    yield rest.slice(0, at);
    yield* asBase64Url(read(recording.audio!));
    rest = rest.slice(at + place(index).length);
  }
  yield `${rest}\n`;
}

function dialogOf({ startedAt, durationMs, direction, audio }: PackagedRecording, name: string, body: string): Dialog {
  return {
    ...{ type: "recording", start: startedAt.toISOString() },
    ...(durationMs === null ? {} : { duration: durationMs / 1000 }),
    parties: partiesOf(audio!),
    ...(direction === "internal" ? {} : { originator: direction === "inbound" ? person : company }),
    ...{ mediatype: typeWithoutParameters(audio!.contentType), filename: name },
    ...{ body, encoding: "base64url" },
  };
}

/** Who is heard in each channel: known only where one channel is the person's. */
function partiesOf({ subjectChannel, channels, form }: PackagedAudio): (number | null)[] {
  if (subjectChannel === null) return Array.from({ length: channels ?? 1 }, () => null);
  const others = form === "subject_channel" ? null : company;
  return Array.from({ length: Math.max(channels ?? 1, subjectChannel + 1) }, (_, channel) =>
    channel === subjectChannel ? person : others,
  );
}

/** Version 8 (RFC 9562), made of the call's id: the same call has the same in each package. */
function vconId(callId: string): string {
  const bytes = createHash("sha256").update(`vcon ${callId}`).digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Without padding. Pieces end where three bytes do. */
async function* asBase64Url(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let left: Buffer = Buffer.alloc(0);
  for await (const piece of pieces) {
    const bytes =
      left.length > 0 ? Buffer.concat([left, piece]) : Buffer.from(piece.buffer, piece.byteOffset, piece.length);
    const whole = bytes.length - (bytes.length % 3);
    left = Buffer.from(bytes.subarray(whole));
    if (whole > 0) yield bytes.toString("base64url", 0, whole);
  }
  if (left.length > 0) yield left.toString("base64url");
}
