export type Refusal = { code: string; fields?: { path: string; reason: string }[] };

/** Longer than any refusal: more is not looked at. */
const longestText = 64 * 1024;

/**
 * The code of an answer that refuses: of the portal's problem details, or of a store's XML; `http_<status>` when it
 * says none. Of the XML one element is wanted, of fixed form (`<Code>SlowDown</Code>`): no parser is a direct
 * dependency, and none is worth being one for it.
 */
export async function readRefusal(response: Response): Promise<Refusal> {
  const text = (await response.text().catch(() => "")).slice(0, longestText);
  const { code, fields } = text.trimStart().startsWith("<")
    ? { code: /<Code>\s*([A-Za-z0-9.]{1,64})\s*<\/Code>/.exec(text)?.[1] }
    : readProblem(text);
  return { code: code ?? `http_${response.status}`, fields };
}

function readProblem(text: string): Partial<Refusal> {
  try {
    const { code, fields } = Object(JSON.parse(text)) as Partial<Refusal>;
    return { ...(typeof code === "string" ? { code } : {}), ...(Array.isArray(fields) ? { fields } : {}) };
  } catch {
    return {};
  }
}
