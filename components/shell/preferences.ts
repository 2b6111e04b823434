export const themes = ["light", "dark", "system"] as const;

export type Theme = (typeof themes)[number];

/** Cookies of the interface: a choice of looks each, nothing about the person. */
export const themeCookie = "custodia-theme";
export const navigationCookie = "custodia-navigation";

/** Whether a value from a cookie or a control is a theme. */
export function isTheme(value: unknown): value is Theme {
  return themes.some((theme) => theme === value);
}

/** Remembers a choice of the interface for a year. Browser only. */
export function rememberPreference(name: string, value: string): void {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${name}=${encodeURIComponent(value)}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
}
