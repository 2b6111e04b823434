/** The request header in which `proxy.ts` gives a page its own path and query. */
export const pagePathHeader = "x-page-path";

const here = "http://portal.invalid";

/**
 * The page of the portal that somebody came for: its path and query, without fragment. Anything that a browser could
 * take for another site, and what is no page to return to, is the start page.
 * @param sent what the address said; anybody may write it.
 */
export function returnPath(sent: unknown): string {
  if (typeof sent !== "string" || sent.length > 2000 || !sent.startsWith("/")) return "/";
  const url = URL.parse(sent, here);
  if (url?.origin !== here || isUnclear(sent) || isUnclear(url.pathname)) return "/";
  if (/^\/(api|sign-in|set-password|reset-password|_next)(\/|$)/.test(url.pathname)) return "/";
  if (url.searchParams.has("_rsc")) url.searchParams.delete("_rsc");
  return url.pathname + url.search;
}

/** Two slashes, a backslash or a control character, as they are or encoded, however often. */
function isUnclear(path: string): boolean {
  let text = path.split(/[?#]/)[0]!;
  for (let times = 0; times < 4; times += 1) {
    if (/\/\/|\\|\p{Cc}/u.test(text)) return true;
    try {
      text = decodeURIComponent(text);
    } catch {
      return true;
    }
  }
  return text.includes("%");
}

/** The address of the sign-in page that returns to this path. */
export function signInAddress(path: string | null): string {
  const back = returnPath(path);
  return back === "/" ? "/sign-in" : `/sign-in?${new URLSearchParams({ next: back })}`;
}
