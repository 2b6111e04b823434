import { readFileSync } from "node:fs";
import path from "node:path";

type Document = PDFKit.PDFDocument;

/** Every font is embedded: a reader's substitute would have other widths, and may lack accents. */
const files = {
  regular: "@expo-google-fonts/ibm-plex-sans/400Regular/IBMPlexSans_400Regular.ttf",
  bold: "@expo-google-fonts/ibm-plex-sans/600SemiBold/IBMPlexSans_600SemiBold.ttf",
  mono: "@expo-google-fonts/ibm-plex-mono/400Regular/IBMPlexMono_400Regular.ttf",
  emoji: "@expo-google-fonts/noto-emoji/400Regular/NotoEmoji_400Regular.ttf",
} as const;

export type Face = keyof typeof files;

/** Letters of one font. `spoken`: what readers hear and copy instead of the text. */
export type Run = { face: Face; text: string; spoken?: string };

const bytes = new Map<Face, Buffer>();

function fontBytes(face: Face): Buffer {
  // A build must not take a path that is computed for the whole folder: next.config.mjs names these files.
  const folder = path.join(/* turbopackIgnore: true */ process.cwd(), "node_modules");
  // fontkit reads the box of the last glyph even if that has no outline: Plex Mono's is the space.
  const known = bytes.get(face) ?? Buffer.concat([readFileSync(path.join(folder, files[face])), Buffer.alloc(16)]);
  bytes.set(face, known);
  return known;
}

/** Where a font lacks a letter, the next one may have it. */
const fallbacks: readonly Face[] = ["regular", "emoji"];

const graphemes = new Intl.Segmenter("pt-BR", { granularity: "grapheme" });

/**
 * Text without what has no letter of its own: control characters, directions, joiners, variants. Accents are composed:
 * a decomposed one would stand beside its letter.
 */
export function printable(text: string): string {
  return text
    .normalize("NFC")
    .replaceAll(/\r\n?|[\u2028\u2029]/g, "\n")
    .replaceAll(/[\t\p{Zs}]/gu, " ")
    .replaceAll(/(?!\n)\p{Cc}|\p{Default_Ignorable_Code_Point}|\p{Co}|\p{Cs}/gu, "");
}

const codesOf = (text: string) =>
  [...text].map((character) => `[U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}]`).join("");

/** Adds a run to others; two of one font, both with codes or both without, become one. */
export function join(runs: Run[], { face, text, spoken }: Run): void {
  const last = runs.at(-1);
  if (!last || last.face !== face || (last.spoken === undefined) !== (spoken === undefined))
    runs.push({ face, text, ...(spoken === undefined ? {} : { spoken }) });
  else Object.assign(last, { text: last.text + text }, spoken === undefined ? {} : { spoken: last.spoken! + spoken });
}

/** The fonts of one document. A letter that no font has is printed as its code, and never left out. */
export class EmbeddedFonts {
  readonly #pdf: Document;
  readonly #known = new Map<string, boolean>();
  readonly #runs = new Map<string, readonly Run[]>();
  readonly #widths = new Map<string, number>();
  /** Whether a letter was replaced by its code. */
  hasCodes = false;

  constructor(pdf: Document) {
    this.#pdf = pdf;
    for (const face of Object.keys(files) as Face[]) pdf.registerFont(face, fontBytes(face));
  }

  /** Splits printable text into pieces of one font each. */
  runsOf(text: string, face: Face): readonly Run[] {
    const key = `${face} ${text}`;
    const runs = this.#runs.get(key) ?? this.#split(text, face);
    this.#runs.set(key, runs);
    return runs;
  }

  #split(text: string, face: Face): Run[] {
    const runs: Run[] = [];
    for (const { segment } of graphemes.segment(text)) {
      join(runs, this.#runOf(segment, face));
    }
    return runs;
  }

  widthOf(runs: readonly Run[], size: number): number {
    return runs.reduce((sum, { face, text }) => {
      const key = `${face} ${size} ${text}`;
      const width = this.#widths.get(key) ?? this.#pdf.font(face, size).widthOfString(text);
      this.#widths.set(key, width);
      return sum + width;
    }, 0);
  }

  #runOf(grapheme: string, face: Face): Run {
    const found = [face, ...fallbacks].find((candidate) => this.#has(candidate, grapheme));
    if (found) return { face: found, text: grapheme };
    this.hasCodes = true;
    return { face, text: codesOf(grapheme), spoken: grapheme };
  }

  #has(face: Face, grapheme: string): boolean {
    const key = `${face} ${grapheme}`;
    const known = this.#known.get(key) ?? this.#ask(face, grapheme);
    this.#known.set(key, known);
    return known;
  }

  #ask(face: Face, grapheme: string): boolean {
    // PDFKit leaves out what its font lacks, without an error; only the parsed font can be asked.
    const { font } = (this.#pdf.font(face) as unknown as { _font: { font: ParsedFont } })._font;
    return [...grapheme].every((character) => font.hasGlyphForCodePoint(character.codePointAt(0)!));
  }
}

type ParsedFont = { hasGlyphForCodePoint: (codePoint: number) => boolean };
