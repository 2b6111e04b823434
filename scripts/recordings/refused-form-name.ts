import codes from "@/lib/i18n/messages/en/codes.json" with { type: "json" };

/** What the content of a refused file is, in words; null for any other code. */
export function refusedFormName(form: string | null | undefined): string | null {
  // A message writes an apostrophe twice.
  return (
    Object.entries(codes.refusedForms)
      .find(([code]) => code === form)?.[1]
      .replaceAll("''", "'") ?? null
  );
}
