import { readdir } from "node:fs/promises";

/** Lists the TypeScript files below these folders, without declarations, as paths from the root. */
export async function listModules(folders) {
  const lists = await Promise.all(
    folders.map(async (folder) =>
      (await readdir(folder, { recursive: true })).map((name) => `${folder}/${name.replaceAll("\\", "/")}`),
    ),
  );
  return lists.flat().filter((name) => /\.tsx?$/.test(name) && !name.endsWith(".d.ts"));
}
