import { join, printable, type EmbeddedFonts, type Face, type Run } from "@/lib/receipts/pdf/embedded-fonts";

/** `leading`: points from one line to the next. */
export type Style = { face: Face; size: number; leading: number; color: string };

export type Line = readonly Run[];

/** `isTail`: the rest of a word that is longer than a line. */
type Word = { runs: readonly Run[]; width: number; isTail: boolean };

/** Breaks text into lines of at most `width` points. Line breaks of the text stay. */
export function linesOf(fonts: EmbeddedFonts, text: string, style: Style, width: number): Line[] {
  const paragraphs = printable(text)
    .split("\n")
    .map((paragraph) => linesOfParagraph(fonts, paragraph, style, width));
  // The space at the end of a line is for those who hear or copy the text.
  for (const lines of paragraphs.slice(0, -1)) append(lines.at(-1)!, [{ face: style.face, text: " " }]);
  return paragraphs.flat();
}

function linesOfParagraph(fonts: EmbeddedFonts, paragraph: string, { face, size }: Style, width: number): Run[][] {
  const space = fonts.widthOf([{ face, text: " " }], size);
  const lines: Run[][] = [[]];
  let used = 0;
  for (const word of wordsOf(fonts, paragraph, { face, size }, width)) {
    const isFirst = used === 0;
    if (!isFirst && (word.isTail || used + space + word.width > width)) {
      if (!word.isTail) append(lines.at(-1)!, [{ face, text: " " }]);
      lines.push([]);
      used = 0;
    } else if (!isFirst) {
      append(lines.at(-1)!, [{ face, text: " " }]);
      used += space;
    }
    append(lines.at(-1)!, word.runs);
    used += word.width;
  }
  return lines;
}

function wordsOf(
  fonts: EmbeddedFonts,
  paragraph: string,
  { face, size }: { face: Face; size: number },
  width: number,
): Word[] {
  const measured = (text: string, isTail: boolean): Word => {
    const runs = fonts.runsOf(text, face);
    return { runs, width: fonts.widthOf(runs, size), isTail };
  };
  return paragraph
    .split(/ +/)
    .filter((text) => text !== "")
    .flatMap((text) => {
      const word = measured(text, false);
      return word.width <= width ? [word] : partsOf(text, word.width / width).map((part, at) => measured(part, at > 0));
    });
}

/** A word in parts that fit on a line, between letters and before their accents. */
function partsOf(text: string, lines: number): string[] {
  const letters = text.match(/.\p{M}*/gsu)!;
  // A tenth less than would fit on average: letters are not equally wide.
  const length = Math.max(1, Math.floor((letters.length / lines) * 0.9));
  return Array.from({ length: Math.ceil(letters.length / length) }, (_, index) =>
    letters.slice(index * length, (index + 1) * length).join(""),
  );
}

function append(line: Run[], runs: readonly Run[]): void {
  for (const run of runs) join(line, run);
}
