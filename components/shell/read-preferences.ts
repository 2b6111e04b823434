import { cookies } from "next/headers";
import { isTheme, navigationCookie, themeCookie, type Theme } from "@/components/shell/preferences";

/** Reads the display choices of this browser on the server, so that the first paint has them. */
export async function readPreferences(): Promise<{ theme: Theme; navigationCollapsed: boolean }> {
  const store = await cookies();
  const theme = store.get(themeCookie)?.value;
  return {
    theme: isTheme(theme) ? theme : "system",
    navigationCollapsed: store.get(navigationCookie)?.value === "collapsed",
  };
}
