export type Refusal = { code: string; fields?: { path: string; reason: string }[] };

/** The longest text that is read; no refusal is longer. */
const longestText = 64 * 1024;

/**
 * Reads the code of a refusal: from the portal's problem details or the store's XML; `http_<status>` if it has none.
 * XML is not parsed, because only one element of fixed form is needed (`<Code>SlowDown</Code>`).
 */
export async function readRefusal(response: Response): Promise<Refusal> {
  const text = (await response.text().catch(() => "")).slice(0, longestText);
  const { code, fields } = text.trimStart().startsWith("<")
    ? { code: /<Code>\s*([A-Za-z0-9.]{1,64})\s*<\/Code>/.exec(text)?.[1] }
    : readProblem(parsed(text));
  return { code: code ?? `http_${response.status}`, fields };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/** The code and the fields of problem details, as far as they have the expected form. */
export function readProblem(problem: unknown): Partial<Refusal> {
  const { code, fields } = Object(problem) as Partial<Refusal>;
  return { ...(typeof code === "string" ? { code } : {}), ...(Array.isArray(fields) ? { fields } : {}) };
}
