import { describe, expect, it } from "vitest";
import { palette } from "@/tailwind.config";

type Colour = keyof typeof palette;

/** Relative luminance of `#rrggbb` (WCAG 2.2, 1.4.3). */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(first: string, second: string): number {
  const [lighter = 0, darker = 0] = [luminance(first), luminance(second)].sort((a, b) => b - a);
  return (lighter + 0.05) / (darker + 0.05);
}

const grounds: Colour[] = ["surface", "raised", "sunken"];
const text: [Colour, Colour[]][] = [
  ["ink", [...grounds, "accent-soft", "positive-soft", "caution-soft", "danger-soft", "info-soft"]],
  ["ink-muted", [...grounds, "accent-soft", "positive-soft", "caution-soft", "danger-soft", "info-soft"]],
  ["accent", [...grounds, "accent-soft"]],
  ["accent-strong", [...grounds, "accent-soft"]],
  ["positive", [...grounds, "positive-soft"]],
  ["caution", [...grounds, "caution-soft"]],
  ["danger", [...grounds, "danger-soft"]],
  ["info", [...grounds, "info-soft"]],
  ["on-solid", ["accent-solid", "accent-solid-strong", "danger-solid", "danger-solid-strong"]],
];
const edges: [Colour, Colour[]][] = [
  ["control", grounds],
  ["focus", [...grounds, "accent-soft"]],
  ...(["series-1", "series-2", "series-3", "series-4", "series-5", "series-6", "series-others"] as const).map(
    (series): [Colour, Colour[]] => [series, ["surface", "raised"]],
  ),
];

describe.each([
  ["light", 0],
  ["dark", 1],
] as const)("the %s theme", (_, theme) => {
  const below = (pairs: [Colour, Colour[]][], least: number) =>
    pairs.flatMap(([front, backs]) =>
      backs
        .map((back) => ({ pair: `${front} on ${back}`, ratio: contrast(palette[front][theme], palette[back][theme]) }))
        .filter(({ ratio }) => ratio < least)
        .map(({ pair, ratio }) => `${pair} ${ratio.toFixed(2)}`),
    );

  it("has enough contrast for all text", () => expect(below(text, 4.5)).toEqual([]));
  it("has enough contrast for field borders, focus rings and bars", () => expect(below(edges, 3)).toEqual([]));
});
