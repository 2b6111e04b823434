import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fromRoot, LaunchProblem, projectRoot } from "./project.mjs";

function git(...args) {
  try {
    return execFileSync("git", args, { cwd: projectRoot, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    return undefined;
  }
}

const lines = (text) => (text ?? "").split("\n").filter(Boolean);

/**
 * Returns `since`, the commit where this branch left `main` (on `main`: the last commit), and `files`, the existing
 * files that differ from it, committed or not.
 */
export function changesOnBranch() {
  const head = git("rev-parse", "HEAD")?.trim();
  if (!head) throw new LaunchProblem("`--changed` needs a git repository with a commit.");
  const main = ["main", "origin/main"].find((name) => git("rev-parse", "--verify", name));
  const since = (main && git("merge-base", "HEAD", main)?.trim()) || head;
  const changed = [
    ...lines(git("diff", "--name-only", since)),
    ...lines(git("ls-files", "--others", "--exclude-standard")),
  ];
  return { since, files: [...new Set(changed)].filter((file) => existsSync(fromRoot(file))) };
}
