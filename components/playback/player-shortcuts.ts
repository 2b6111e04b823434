/** What a key does in the player. */
export type PlayerCommand =
  | { type: "toggle" }
  | { type: "seek"; byMs: number }
  | { type: "mute" }
  | { type: "rate"; direction: 1 | -1 }
  | { type: "skip_silence" }
  | { type: "help" };

/** The properties of a keyboard event that decide. `target` has the focus. */
export type KeyPress = {
  key: string;
  ctrlKey: boolean;
  altKey: boolean;
  metaKey: boolean;
  defaultPrevented: boolean;
  isComposing: boolean;
  target: { tagName: string; role: string | null; isContentEditable: boolean } | null;
};

const COMMANDS = new Map<string, PlayerCommand>([
  [" ", { type: "toggle" }],
  ["k", { type: "toggle" }],
  ["j", { type: "seek", byMs: -10_000 }],
  ["l", { type: "seek", byMs: 10_000 }],
  ["ArrowLeft", { type: "seek", byMs: -5000 }],
  ["ArrowRight", { type: "seek", byMs: 5000 }],
  ["m", { type: "mute" }],
  [",", { type: "rate", direction: -1 }],
  [".", { type: "rate", direction: 1 }],
  ["s", { type: "skip_silence" }],
  ["?", { type: "help" }],
]);

const TYPING = new Set(["INPUT", "TEXTAREA", "SELECT"]);
// Elements in which arrow keys and the space bar have their own meaning.
const OWN_KEYS = new Set([
  "slider",
  "listbox",
  "option",
  "menu",
  "menuitem",
  "menuitemradio",
  "radio",
  "radiogroup",
  "tab",
  "grid",
  "gridcell",
  "spinbutton",
  "combobox",
  "textbox",
  "searchbox",
  "tree",
  "treeitem",
]);
const PRESSED_BY_SPACE = new Set(["BUTTON", "A", "SUMMARY"]);
const PRESSED_ROLES = new Set(["button", "link", "switch", "checkbox"]);

/**
 * Returns the command of a key press. Null if the key belongs to the browser or a screen reader (any modifier), to a
 * text field, or to the focused control.
 */
export function commandOfKey(press: KeyPress): PlayerCommand | null {
  if (press.ctrlKey || press.altKey || press.metaKey || press.defaultPrevented || press.isComposing) return null;
  const command = COMMANDS.get(press.key.length === 1 ? press.key.toLowerCase() : press.key);
  if (!command) return null;
  return belongsToTarget(press) ? null : command;
}

function belongsToTarget({ key, target }: KeyPress): boolean {
  if (!target) return false;
  const ownsArrowsAndSpace = key === " " || key.startsWith("Arrow");
  if (target.isContentEditable || target.role === "textbox" || target.role === "searchbox") return true;
  if (TYPING.has(target.tagName)) return true;
  if (ownsArrowsAndSpace && target.role && OWN_KEYS.has(target.role)) return key !== " " || target.role !== "slider";
  return (
    key === " " && (PRESSED_BY_SPACE.has(target.tagName) || (target.role !== null && PRESSED_ROLES.has(target.role)))
  );
}
