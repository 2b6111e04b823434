import { readdir } from "node:fs/promises";

/** Every TypeScript file below these folders, as a path from the root; declarations aside. */
export async function listModules(folders) {
  const lists = await Promise.all(
    folders.map(async (folder) =>
      (await readdir(folder, { recursive: true })).map((name) => `${folder}/${name.replaceAll("\\", "/")}`),
    ),
  );
  return lists.flat().filter((name) => /\.tsx?$/.test(name) && !name.endsWith(".d.ts"));
}
