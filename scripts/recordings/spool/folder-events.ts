import { watch, type FSWatcher } from "node:fs";
import path from "node:path";
import { fromDisk, isHidden, onDisk } from "@/scripts/recordings/file-paths";

/** inotify has no room for another folder, or for another process of this user. */
const noRoom = new Set(["ENOSPC", "EMFILE", "ENFILE"]);

/**
 * Reports changes in folders, as the system tells them: the names that changed, as bytes. One watch a folder, none for
 * files.
 */
export class FolderEvents {
  readonly #watchers = new Map<string, FSWatcher>();
  readonly #onChange: (file: string) => void;
  readonly #onNoRoom: (code: string) => void;
  #isLost = false;

  /** @param onNoRoom called once if the system cannot watch more folders. From then on nothing is reported. */
  constructor(onChange: (file: string) => void, onNoRoom: (code: string) => void) {
    this.#onChange = onChange;
    this.#onNoRoom = onNoRoom;
  }

  /** Watches a folder, if it is not watched yet. */
  add(folder: string): void {
    if (this.#isLost || this.#watchers.has(folder)) return;
    try {
      const watcher = watch(onDisk(folder), { encoding: "buffer" }, (_event, name) => {
        if (!name) return;
        const file = path.join(folder, fromDisk(name));
        if (!isHidden(file)) this.#onChange(file);
      });
      watcher.on("error", () => this.#forget(folder));
      this.#watchers.set(folder, watcher);
    } catch (error) {
      const { code = "failed" } = error as NodeJS.ErrnoException;
      if (!noRoom.has(code)) return;
      this.#isLost = true;
      this.close();
      this.#onNoRoom(code);
    }
  }

  /** Ends the watches of folders that a scan did not find any more. */
  keepOnly(folders: ReadonlySet<string>): void {
    for (const folder of this.#watchers.keys()) if (!folders.has(folder)) this.#forget(folder);
  }

  close(): void {
    for (const folder of [...this.#watchers.keys()]) this.#forget(folder);
  }

  #forget(folder: string): void {
    this.#watchers.get(folder)?.close();
    this.#watchers.delete(folder);
  }
}
