import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Busboy, type BusboyFileStream, type BusboyInstance } from "@fastify/busboy";
import { AppError } from "@/lib/core/errors";
import { mostMandateBytes } from "@/lib/subject-requests/mandates/mandate-file";

const fields = { mostBytes: 100, most: 5 };

/** What is left of a body that is too long is read so far, so that the browser waits for the answer. */
const mostRead = 4 * mostMandateBytes;

/**
 * Reads a form of protocol, code and one file. The file is read once `open` has accepted the fields before it, and kept
 * up to one byte more than a mandate may have; fields behind it do not count.
 * @throws AppError `unsupported_media_type`, `too_large`, `invalid_input` for a body that ends early, or what `open`
 * throws.
 */
export async function readMandateForm(
  request: Request,
  open: (fields: Record<string, string>) => Promise<void>,
): Promise<{ fields: Record<string, string>; content: Buffer }> {
  const said = new Map<string, string>();
  let content: Promise<Buffer> = Promise.resolve(Buffer.alloc(0));
  let before: Record<string, string> | null = null;
  const parser = parserOf(request);
  parser.on("field", (name, value) => said.set(name, value));
  parser.on("file", (_, stream) => {
    // A body that ends within the file is an error of the stream, also while nobody reads it.
    stream.on("error", () => undefined);
    const fields = (before = Object.fromEntries(said));
    content = open(fields).then(() => wholeOf(stream));
    // Read and forgotten after a refusal: the answer comes after the last byte.
    content.catch(() => stream.resume());
  });
  await pipeline(Readable.fromWeb(request.body as never), upTo(mostRead), parser).catch((error: unknown) => {
    throw error instanceof AppError ? error : new AppError("invalid_input", "the form is not whole");
  });
  return { content: await content, fields: before ?? Object.fromEntries(said) };
}

function parserOf({ headers, body }: Request): BusboyInstance {
  const contentType = headers.get("content-type") ?? "";
  const limits = {
    ...{ fields: fields.most, fieldSize: fields.mostBytes, fieldNameSize: fields.mostBytes },
    ...{ files: 1, fileSize: mostMandateBytes + 1, parts: fields.most + 1, headerPairs: 20 },
  };
  if (!/^multipart\/form-data\b/i.test(contentType) || body === null) throw new AppError("unsupported_media_type");
  try {
    return new Busboy({ headers: { "content-type": contentType }, limits });
  } catch (error) {
    throw new AppError("unsupported_media_type", "no boundary", {}, { cause: error });
  }
}

async function wholeOf(stream: BusboyFileStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const upTo = (most: number) =>
  async function* (source: AsyncIterable<Uint8Array>) {
    let read = 0;
    for await (const chunk of source) {
      read += chunk.length;
      if (read > most) throw new AppError("too_large");
      yield chunk;
    }
  };
