/**
 * The arguments and tags that an ICU message names, each with its type ("count:plural", "name", "<strong>"), sorted.
 * Branches of plural and select are read too.
 */
export function messageArguments(message: string): string[] {
  const found = new Set<string>();
  readText(message, 0, found);
  return [...found].sort();
}

function readText(message: string, start: number, found: Set<string>): number {
  let at = start;
  while (at < message.length && message[at] !== "}") {
    const tag = /^<\/?(\w+)\/?>/.exec(message.slice(at));
    if (tag) found.add(`<${tag[1]}>`);
    at = message[at] === "{" ? readArgument(message, at + 1, found) : at + 1;
  }
  return at;
}

function readArgument(message: string, start: number, found: Set<string>): number {
  const [head = "", name, type] = /^\s*(\w+)\s*(?:,\s*(\w+)\s*)?/.exec(message.slice(start)) ?? [];
  found.add(type ? `${name}:${type}` : `${name}`);
  let at = start + head.length;
  while (at < message.length && message[at] !== "}") {
    at = message[at] === "{" ? readText(message, at + 1, found) + 1 : at + 1;
  }
  return at + 1;
}
