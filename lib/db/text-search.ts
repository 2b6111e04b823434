import { or, sql, type SQL } from "drizzle-orm";
import type { PgColumn } from "drizzle-orm/pg-core";

const accented = "áàâãäéèêëíìîïóòôõöúùûüçñ";
const plain = "aaaaaeeeeiiiiooooouuuucn";

const folded = (column: PgColumn) => sql`translate(lower(${column}), ${accented}, ${plain})`;

/** As `folded`, with the wildcards of `like` escaped. */
const foldedPattern = (text: string) =>
  text
    .toLowerCase()
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/[\\%_]/g, "\\$&");

/** Matches a text anywhere in a column, ignoring case and accents. */
export function contains(column: PgColumn, text: string): SQL {
  return sql`${folded(column)} like ${`%${foldedPattern(text)}%`}`;
}

/** Matches a text at the start of a column or of one of its words, ignoring case and accents. */
export function beginsWord(column: PgColumn, text: string): SQL {
  const pattern = `${foldedPattern(text)}%`;
  return or(sql`${folded(column)} like ${pattern}`, sql`${folded(column)} like ${`% ${pattern}`}`)!;
}
