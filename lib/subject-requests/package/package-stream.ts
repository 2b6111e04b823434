import { createHash } from "node:crypto";
import { makeZip } from "client-zip";
import type { SigningKey } from "@/lib/audit/signing-keys";
import { callsAsCsv, callsAsJson } from "@/lib/subject-requests/package/call-list";
import { Manifest } from "@/lib/subject-requests/package/manifest";
import type { PackageContent, PackagedAudio } from "@/lib/subject-requests/package/package-content";
import { namedCalls, partSuffix, type PackagePlan } from "@/lib/subject-requests/package/package-plan";
import { packageWords } from "@/lib/subject-requests/package/package-words";
import { vconPieces } from "@/lib/subject-requests/package/vcon";

type Entry = { name: string; input: AsyncIterable<Uint8Array>; size?: number; lastModified: Date };

/**
 * One ZIP of what a person gets (`planPackage` says how many there are), written as fast as it is read, in bounded
 * memory. Audio whose bytes are not those of its hash breaks the stream before its end: no reader accepts such a ZIP.
 * A reader that leaves closes every source.
 * @param part counted from 1.
 */
export function packageStream(
  content: PackageContent,
  { plan, part, key }: { plan: PackagePlan; part: number; key: SigningKey },
): ReadableStream<Uint8Array> {
  const open = new Set<AsyncGenerator<unknown>>();
  const entries = packageEntries(content, { plan, part, key, open });
  const zip = makeZip(entries).getReader();
  // client-zip leaves its sources open when its reader leaves, or one of them fails.
  const close = async () => {
    await Promise.allSettled([...open].map((source) => source.return(undefined)));
    await entries.return(undefined);
  };
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          const { done, value } = await zip.read();
          if (done) controller.close();
          else controller.enqueue(value);
        } catch (error) {
          await close();
          controller.error(error);
        }
      },
      async cancel(reason) {
        await zip.cancel(reason).catch(() => undefined);
        await close();
      },
    },
    { highWaterMark: 0 },
  );
}

type Making = { plan: PackagePlan; part: number; key: SigningKey; open: Set<AsyncGenerator<unknown>> };

async function* packageEntries(content: PackageContent, making: Making): AsyncGenerator<Entry> {
  const { plan, part, key, open } = making;
  const { files, readMe } = packageWords[content.locale];
  const manifest = new Manifest();
  const name = (file: keyof typeof files, extension: string) => `${files[file]}${partSuffix(part)}.${extension}`;
  const entry = (of: string, pieces: AsyncIterable<string | Uint8Array>, expected?: PackagedAudio): Entry => {
    const input = tracked(
      open,
      hashed(pieces, expected, (sha256) => manifest.add(of, sha256)),
    );
    return { name: of, input, size: expected?.sizeBytes, lastModified: content.createdAt };
  };
  const calls = () => namedCalls(content, plan, part);
  const about = { ...content, part: plan.length > 1 ? ` (${part}/${plan.length})` : "" };
  yield entry(name("readMe", "txt"), only(readMe(about)));
  if (content.letter && part === 1) yield entry(name("letter", "pdf"), only(content.letter));
  yield entry(name("calls", "csv"), callsAsCsv(calls(), content.locale));
  yield entry(name("calls", "json"), callsAsJson(calls()));
  for await (const { recordings } of calls())
    for (const { recording, name: file } of recordings)
      if (recording.audio && file) yield entry(file, opened(recording.audio), recording.audio);
  const read = (audio: PackagedAudio) => hashed(opened(audio), audio, () => undefined);
  if (content.hasVcons) for await (const call of calls()) yield entry(call.vconName!, vconPieces(content, call, read));
  const facts = { protocol: content.protocol, part, parts: plan.length, createdAt: content.createdAt.toISOString() };
  const [listed, signature] = [manifest.text, manifest.signed(facts, name("manifest", "txt"), key)];
  const last = (of: string, text: string) => ({
    ...{
      name: of,
      input: tracked(
        open,
        hashed(only(text), undefined, () => undefined),
      ),
    },
    lastModified: content.createdAt,
  });
  yield last(name("manifest", "txt"), listed);
  yield last(name("signature", "json"), signature);
}

async function* only<Piece>(piece: Piece): AsyncGenerator<Piece> {
  yield piece;
}

async function* opened(audio: PackagedAudio): AsyncGenerator<Uint8Array> {
  yield* await audio.open();
}

/** Passes pieces on with the hash of all of them. @throws Error at their end if they are not those expected. */
async function* hashed(
  pieces: AsyncIterable<string | Uint8Array>,
  expected: Pick<PackagedAudio, "sha256" | "sizeBytes"> | undefined,
  onEnd: (sha256: string) => void,
): AsyncGenerator<Uint8Array> {
  const hash = createHash("sha256");
  let sizeBytes = 0;
  for await (const piece of pieces) {
    const bytes = typeof piece === "string" ? Buffer.from(piece) : piece;
    hash.update(bytes);
    sizeBytes += bytes.length;
    yield bytes;
  }
  const sha256 = hash.digest("hex");
  if (expected && (sha256 !== expected.sha256 || sizeBytes !== expected.sizeBytes))
    throw new Error("an audio file of the package is not the one that was stored");
  onEnd(sha256);
}

/** Remembers a source until its end. */
async function* tracked<Piece>(
  open: Set<AsyncGenerator<unknown>>,
  source: AsyncGenerator<Piece>,
): AsyncGenerator<Piece> {
  open.add(source);
  try {
    yield* source;
  } finally {
    open.delete(source);
  }
}
