const newline = 10;

/**
 * Splits a stream of bytes into lines, each after a zero byte: that is what a leaf is the hash of, so no line is copied for it.
 * The line ends in the received buffers are overwritten.
 */
export async function* prefixedLines(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer[]> {
  let rest = Buffer.from([0]);
  for await (const received of stream) {
    const chunk = Buffer.concat([rest, received]);
    const lines: Buffer[] = [];
    let start = 0;
    for (let end = chunk.indexOf(newline, 1); end !== -1; end = chunk.indexOf(newline, end + 1)) {
      lines.push(chunk.subarray(start, end));
      chunk[end] = 0;
      start = end;
    }
    rest = chunk.subarray(start);
    yield lines;
  }
  if (rest.length > 1) yield [rest];
}
