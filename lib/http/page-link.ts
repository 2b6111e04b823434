/** The address of a neighbouring page of a list: same filters, another cursor. Undefined when there is none. */
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
