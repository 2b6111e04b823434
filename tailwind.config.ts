import type { Config } from "tailwindcss";
import plugin from "tailwindcss/plugin";

/**
 * Custodia's design language: a quiet neutral page, hairlines instead of shadows, one deep petrol accent and four
 * tones that only ever mean a state. Each colour is [light, dark]. Text colours reach 4.5:1 on `surface`, `raised`,
 * `sunken` and on their own `soft`, as does `on-solid` on every `solid`; `control`, `focus` and, on `surface` and `raised`,
 * each `series` of a chart reach 3:1.
 */
export const palette = {
  surface: ["#f6f7f7", "#0f1517"],
  raised: ["#ffffff", "#151d20"],
  sunken: ["#eef1f1", "#0b1012"],
  line: ["#dce1e2", "#27343a"],
  "line-strong": ["#bcc6c8", "#3b4b51"],
  control: ["#7b898e", "#647980"],
  ink: ["#162125", "#e4ebec"],
  "ink-muted": ["#526067", "#a1b1b6"],
  accent: ["#0b5566", "#63c3d4"],
  "accent-strong": ["#073f4d", "#8ad7e4"],
  "accent-soft": ["#e1eff1", "#12303a"],
  "accent-solid": ["#0b5566", "#17758a"],
  "accent-solid-strong": ["#073f4d", "#1a7e94"],
  positive: ["#1a673b", "#73cb98"],
  "positive-soft": ["#e3f2e8", "#11291c"],
  caution: ["#7d4e00", "#e3b55f"],
  "caution-soft": ["#faf0d9", "#2c2310"],
  danger: ["#a3211d", "#f4958b"],
  "danger-soft": ["#fbe9e7", "#371a18"],
  "danger-solid": ["#a3211d", "#b8372f"],
  "danger-solid-strong": ["#841714", "#c93f37"],
  info: ["#1e5292", "#8ab8ee"],
  "info-soft": ["#e6eef8", "#15253b"],
  "on-solid": ["#ffffff", "#ffffff"],
  "series-1": ["#0b5566", "#63c3d4"],
  "series-2": ["#c2571a", "#f0a36b"],
  "series-3": ["#7a4a9e", "#c3a1e6"],
  "series-4": ["#7c8a1f", "#b9c75a"],
  "series-5": ["#3f74c2", "#86a8f2"],
  "series-6": ["#b3446c", "#ef9abb"],
  "series-others": ["#7b898e", "#8a9aa0"],
  focus: ["#0d7f97", "#7fd3e2"],
  scrim: ["#0b161a73", "#000000a6"],
} satisfies Record<string, [light: string, dark: string]>;

const variables = (theme: 0 | 1) =>
  Object.fromEntries(Object.entries(palette).map(([name, values]) => [`--${name}`, values[theme]]));

const light = { "color-scheme": "light", ...variables(0) };
const dark = { "color-scheme": "dark", ...variables(1) };

/** The class on <html> decides; without one (a first visit, or "system") the reader's own setting does. */
const themes = plugin(({ addBase }) =>
  addBase({
    ":root": {
      ...light,
      "--control-height": "2rem",
      "--control-height-small": "1.625rem",
      "--row-height": "2.25rem",
    },
    ".dark": dark,
    "@media (prefers-color-scheme: dark)": { ":root:not(.light)": dark },
    // A finger needs more than a mouse pointer does.
    "@media (pointer: coarse)": {
      ":root": { "--control-height": "2.75rem", "--control-height-small": "2.25rem", "--row-height": "2.75rem" },
    },
  }),
);

const colors = Object.fromEntries(Object.keys(palette).map((name) => [name, `var(--${name})`]));

export default {
  content: ["./app/**/*.{ts,tsx}", "./components/**/*.{ts,tsx}"],
  darkMode: ["selector", ".dark"],
  theme: {
    colors: { transparent: "transparent", current: "currentColor", ...colors },
    fontFamily: {
      sans: ["var(--font-sans)", "system-ui", "sans-serif"],
      mono: ["var(--font-mono)", "ui-monospace", "monospace"],
    },
    fontSize: {
      xs: ["0.71875rem", { lineHeight: "1rem" }],
      sm: ["0.78125rem", { lineHeight: "1.125rem" }],
      base: ["0.84375rem", { lineHeight: "1.25rem" }],
      md: ["0.9375rem", { lineHeight: "1.375rem" }],
      lg: ["1.125rem", { lineHeight: "1.5rem", letterSpacing: "-0.005em" }],
      xl: ["1.375rem", { lineHeight: "1.75rem", letterSpacing: "-0.01em" }],
      "2xl": ["1.75rem", { lineHeight: "2.125rem", letterSpacing: "-0.015em" }],
    },
    borderRadius: { none: "0", sm: "0.1875rem", DEFAULT: "0.25rem", md: "0.375rem", lg: "0.5rem", full: "9999px" },
    boxShadow: {
      none: "none",
      // Only what floats above the page has one.
      overlay: "0 0 0 1px var(--line), 0 8px 28px -6px rgb(6 18 22 / 0.28)",
    },
    extend: {
      height: {
        control: "var(--control-height)",
        "control-small": "var(--control-height-small)",
        row: "var(--row-height)",
      },
      minHeight: { control: "var(--control-height)", "control-small": "var(--control-height-small)" },
      width: { control: "var(--control-height)", "control-small": "var(--control-height-small)" },
      maxWidth: { page: "90rem", prose: "68ch" },
    },
  },
  plugins: [themes],
} satisfies Config;
