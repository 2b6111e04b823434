import type { Locale } from "@/lib/i18n/locales";

/** A piece of a document. The first column of a table names its row. */
export type Block =
  | { kind: "facts"; facts: readonly (readonly [term: string, value: string])[] }
  | { kind: "text"; text: string }
  | { kind: "quote"; text: string }
  | { kind: "list"; items: readonly string[] }
  | { kind: "code"; text: string }
  | { kind: "table"; head: readonly string[]; rows: readonly (readonly string[])[]; widths: readonly number[] };

export type Section = { title: string; blocks: readonly Block[] };

/** The part of a certificate that is specific to its scope. */
export type Opening = { title: string; lead: string; sections: Section[] };

/** The content of a document, independent of its layout. */
export type DocumentText = {
  locale: Locale;
  /** What the file is about, for its properties. */
  subject: string;
  sender: { name: string; details: string };
  /** Lines above the title: date and addressee of a letter. */
  addressee: readonly string[];
  title: string;
  number: string;
  lead: readonly string[];
  sections: readonly Section[];
  /** Explains the codes that stand for letters that no font has; printed only if there are some. */
  codesNote: string;
  /** The lines at the foot of each page. */
  footer: { note: string; page: (page: number, count: number) => string };
  /** Stands in for the date of the file: the same content gives the same bytes. */
  writtenAt: Date;
};
