export const themes = ["light", "dark", "system"] as const;

export type Theme = (typeof themes)[number];

/** Cookies of the interface. They hold display choices and no personal data. */
export const themeCookie = "custodia-theme";
export const navigationCookie = "custodia-navigation";

/** True if a value from a cookie or a control is a theme. */
export function isTheme(value: unknown): value is Theme {
  return themes.some((theme) => theme === value);
}

/** Saves a display choice in a cookie for a year. Browser only. */
export function rememberPreference(name: string, value: string): void {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${name}=${encodeURIComponent(value)}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
}
