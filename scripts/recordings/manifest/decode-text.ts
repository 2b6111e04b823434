import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { CannotStart } from "@/scripts/recordings/cannot-start";

/** Bytes to which Windows-1252 gives no letter. */
const noLetters = /[\u0081\u008D\u008F\u0090\u009D]/;

/**
 * Yields the text of a file in UTF-8, UTF-16 (with or without byte order mark) or Windows-1252, piece by piece.
 * @param start the byte at which to begin.
 * @throws CannotStart if it is in none of them.
 */
export async function* decodeText(file: string, start = 0): AsyncGenerator<string> {
  const encoding = await encodingOf(file, start);
  const decoder = new TextDecoder(encoding);
  for await (const piece of createReadStream(file, { start })) {
    const text = decoder.decode(piece as Buffer, { stream: true });
    if (encoding === "windows-1252" && noLetters.test(text))
      throw new CannotStart(`${file} is neither UTF-8 nor Windows-1252: export it as UTF-8.`);
    yield text;
  }
  yield decoder.decode();
}

/** UTF-8 is known by the whole file: the first letter with an accent may be its last one. */
async function encodingOf(file: string, start: number): Promise<"utf-8" | "utf-16le" | "utf-16be" | "windows-1252"> {
  const head = await readHead(file, start);
  const zeros = (offset: number) => head.filter((byte, index) => index % 2 === offset && byte === 0).length;
  const isWide = (offset: number) => zeros(offset) > head.length / 4;
  if ((head[0] === 0xff && head[1] === 0xfe) || isWide(1)) return "utf-16le";
  if ((head[0] === 0xfe && head[1] === 0xff) || isWide(0)) return "utf-16be";
  const decoder = new TextDecoder("utf-8", { fatal: true });
  try {
    for await (const piece of createReadStream(file, { start })) decoder.decode(piece as Buffer, { stream: true });
    decoder.decode();
    return "utf-8";
  } catch (error) {
    if (error instanceof TypeError) return "windows-1252";
    throw error;
  }
}

async function readHead(file: string, start: number): Promise<Buffer> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(512), 0, 512, start);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
