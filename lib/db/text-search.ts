import { or, sql, type SQL } from "drizzle-orm";
import type { PgColumn } from "drizzle-orm/pg-core";

const accented = "áàâãäéèêëíìîïóòôõöúùûüçñ";
const plain = "aaaaaeeeeiiiiooooouuuucn";

const folded = (column: PgColumn) => sql`translate(lower(${column}), ${accented}, ${plain})`;

/** As `folded`, with the wildcards of `like` taken literally. */
const foldedPattern = (text: string) =>
  text
    .toLowerCase()
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/[\\%_]/g, "\\$&");

/** Whether a text is found anywhere in a column; case and accents do not matter. */
export function contains(column: PgColumn, text: string): SQL {
  return sql`${folded(column)} like ${`%${foldedPattern(text)}%`}`;
}

/** Whether a column, or one of its words, begins with a text; case and accents do not matter. */
export function beginsWord(column: PgColumn, text: string): SQL {
  const pattern = `${foldedPattern(text)}%`;
  return or(sql`${folded(column)} like ${pattern}`, sql`${folded(column)} like ${`% ${pattern}`}`)!;
}
