import type { VariableKind } from "@/lib/notifications/templates/message-templates";

/** A piece of a text: words as they are, or the name of a variable. */
export type Piece = { words: string } | { variable: string };

/** Splits a text at its `{variables}`. */
export function piecesOf(text: string): Piece[] {
  return text.split(/\{([^{}]*)\}/).map((part, index) => (index % 2 === 0 ? { words: part } : { variable: part }));
}

/** The variables that a text names. */
export const variablesIn = (text: string) =>
  piecesOf(text).flatMap((piece) => ("variable" in piece ? [piece.variable] : []));

/**
 * Puts the values into a text. `show` renders a value for its medium (escaped, read out).
 * @throws Error for a variable without a value: such a text is refused when it is saved.
 */
export function fillText(
  text: string,
  values: ReadonlyMap<string, { value: string; kind: VariableKind }>,
  { words, show }: { words: (text: string) => string; show: (value: string, kind: VariableKind) => string },
): string {
  return piecesOf(text)
    .map((piece) => {
      if ("words" in piece) return words(piece.words);
      const found = values.get(piece.variable);
      if (!found) throw new Error("a text names a variable that its template does not have");
      return show(found.value, found.kind);
    })
    .join("");
}
