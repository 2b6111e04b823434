/** "01:30" or "1:02:03.25" in milliseconds; null for anything else. */
export function readClock(text: string): number | null {
  const match = /^(?:(\d{1,2}):)?(\d{1,3}):([0-5]?\d)(?:[.,](\d{1,3}))?$/.exec(text.trim());
  if (!match) return null;
  const [, hours = "0", minutes, seconds, fraction = ""] = match;
  const whole = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
  return whole * 1000 + Number(fraction.padEnd(3, "0"));
}

/** The same for display: "01:30", "62:03.25". */
export function clockText(milliseconds: number): string {
  const rounded = Math.max(0, Math.round(milliseconds));
  const [minutes, seconds, rest] = [Math.floor(rounded / 60_000), Math.floor(rounded / 1000) % 60, rounded % 1000];
  const two = (value: number) => String(value).padStart(2, "0");
  const fraction = rest === 0 ? "" : `.${String(rest).padStart(3, "0").replace(/0+$/, "")}`;
  return `${two(minutes)}:${two(seconds)}${fraction}`;
}
