import { describe, expect, it } from "vitest";
import { commandOfKey, type KeyPress } from "@/components/playback/player-shortcuts";

const press = (key: string, part: Partial<KeyPress> = {}) =>
  commandOfKey({
    key,
    ctrlKey: false,
    altKey: false,
    metaKey: false,
    defaultPrevented: false,
    isComposing: false,
    target: null,
    ...part,
  });
const on = (tagName: string, role: string | null = null, isContentEditable = false) => ({
  target: { tagName, role, isContentEditable },
});

describe("commandOfKey", () => {
  it.each([
    [" ", { type: "toggle" }],
    ["k", { type: "toggle" }],
    ["K", { type: "toggle" }],
    ["j", { type: "seek", byMs: -10_000 }],
    ["l", { type: "seek", byMs: 10_000 }],
    ["ArrowLeft", { type: "seek", byMs: -5000 }],
    ["ArrowRight", { type: "seek", byMs: 5000 }],
    ["m", { type: "mute" }],
    [",", { type: "rate", direction: -1 }],
    [".", { type: "rate", direction: 1 }],
    ["s", { type: "skip_silence" }],
    ["?", { type: "help" }],
  ])("maps %j to a command", (key, command) => {
    expect(press(key)).toEqual(command);
  });

  it.each(["Tab", "Enter", "Escape", "ArrowUp", "ArrowDown", "h", "1", "constructor"])(
    "leaves %j to the browser",
    (key) => {
      expect(press(key)).toBeNull();
    },
  );

  it("ignores keys with a modifier and keys that are already handled", () => {
    for (const part of [
      { ctrlKey: true },
      { altKey: true },
      { metaKey: true },
      { defaultPrevented: true },
      { isComposing: true },
    ]) {
      expect(press("k", part)).toBeNull();
    }
  });

  it("ignores letters typed into a field", () => {
    for (const target of [on("INPUT"), on("TEXTAREA"), on("SELECT"), on("DIV", null, true), on("DIV", "textbox")]) {
      expect(press("k", target)).toBeNull();
      expect(press(" ", target)).toBeNull();
    }
  });

  it("leaves the space bar to a focused button, but handles letters there", () => {
    expect(press(" ", on("BUTTON"))).toBeNull();
    expect(press(" ", on("DIV", "checkbox"))).toBeNull();
    expect(press("k", on("BUTTON"))).toEqual({ type: "toggle" });
    expect(press("ArrowLeft", on("BUTTON"))).toEqual({ type: "seek", byMs: -5000 });
  });

  it("leaves the arrows to sliders and menus; on a slider the space bar is free", () => {
    expect(press("ArrowLeft", on("DIV", "slider"))).toBeNull();
    expect(press(" ", on("DIV", "slider"))).toEqual({ type: "toggle" });
    expect(press(" ", on("DIV", "menuitem"))).toBeNull();
  });
});
