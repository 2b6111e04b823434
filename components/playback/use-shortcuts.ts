import { type RefObject, useEffect, useEffectEvent } from "react";
import { commandOfKey, type PlayerCommand } from "@/components/playback/player-shortcuts";

/**
 * Runs the player's shortcuts when the focus is inside `rootRef`, on an ancestor, or nowhere; elsewhere keys belong to
 * the focused element. Users must be able to turn off one-letter shortcuts (WCAG 2.1.4): `enabled`.
 */
export function useShortcuts(
  rootRef: RefObject<HTMLElement | null>,
  enabled: boolean,
  run: (command: PlayerCommand) => void,
): void {
  const handle = useEffectEvent((event: KeyboardEvent) => {
    const target = event.target instanceof HTMLElement ? event.target : null;
    // A click on plain text focuses `main`, which contains the player.
    const root = rootRef.current;
    const isOurs = target !== null && root !== null && (root.contains(target) || target.contains(root));
    const command = isOurs ? commandOfKey(keyPressOf(event, target)) : null;
    if (!command) return;
    event.preventDefault();
    run(command);
  });
  useEffect(() => {
    if (!enabled) return;
    const listener = (event: KeyboardEvent) => handle(event);
    document.addEventListener("keydown", listener);
    return () => document.removeEventListener("keydown", listener);
  }, [enabled]);
}

function keyPressOf(event: KeyboardEvent, target: HTMLElement | null) {
  const { key, ctrlKey, altKey, metaKey, defaultPrevented, isComposing } = event;
  const focused = target && {
    tagName: target.tagName,
    role: target.getAttribute("role"),
    isContentEditable: target.isContentEditable,
  };
  return { key, ctrlKey, altKey, metaKey, defaultPrevented, isComposing, target: focused };
}
