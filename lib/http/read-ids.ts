/** Ids as people paste them: one a line, or with spaces, commas or semicolons between. What they are nobody has checked yet. */
export function readIds(text: string): string[] {
  return text.split(/[\s,;]+/).filter(Boolean);
}
