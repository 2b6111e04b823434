import type { z } from "zod";

/** The query parameters that Next gives a page: `?name=value`, repeated names as lists. */
export type SearchParams = Record<string, string | string[] | undefined>;

/**
 * Reads a list's filters from a URL. Ignores invalid values (typed by hand, or from an old bookmark), so that a list
 * always shows something.
 */
export function readFilters<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  params: SearchParams,
): z.output<z.ZodObject<Shape>> {
  const entries = Object.entries(schema.shape).flatMap(([name, field]) => {
    const value = params[name];
    const parsed = typeof value === "string" && value !== "" ? (field as z.ZodType).safeParse(value) : null;
    return parsed?.success && parsed.data !== undefined ? [[name, parsed.data] as const] : [];
  });
  return Object.fromEntries(entries) as z.output<z.ZodObject<Shape>>;
}

/** The link to the next or previous page of a list: same filters, another cursor. Undefined if there is none. */
export function pageLink(
  path: string,
  params: Record<string, string | string[] | undefined>,
  name: "after" | "before",
  cursor: string | null,
): string | undefined {
  if (cursor === null) return undefined;
  const kept = Object.entries(params).filter(
    ([key, value]) => typeof value === "string" && key !== "after" && key !== "before",
  );
  return `${path}?${new URLSearchParams([...(kept as [string, string][]), [name, cursor]])}`;
}
