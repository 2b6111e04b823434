/** A set of integers that mostly arrive in order, stored as ranges: a million numbers without a gap take one entry. */
export class NumberRanges {
  readonly #ranges: [first: number, last: number][] = [];

  /** Adds a number; returns false if it was already present. */
  add(number: number): boolean {
    const ranges = this.#ranges;
    let index = ranges.length - 1;
    while (index >= 0 && ranges[index]![0] > number) index -= 1;
    const before = ranges[index];
    const after = ranges[index + 1];
    if (before && number <= before[1]) return false;
    const joinsBefore = before !== undefined && before[1] === number - 1;
    const joinsAfter = after !== undefined && after[0] === number + 1;
    if (joinsBefore && joinsAfter) {
      before[1] = after[1];
      ranges.splice(index + 1, 1);
    } else if (joinsBefore) before[1] = number;
    else if (joinsAfter) after[0] = number;
    else ranges.splice(index + 1, 0, [number, number]);
    return true;
  }

  /** Adds the numbers of other ranges. */
  absorb(ranges: readonly (readonly [first: number, last: number])[]): void {
    const all = [...this.#ranges, ...ranges.map(([first, last]) => [first, last] as [number, number])];
    this.#ranges.length = 0;
    for (const [first, last] of all.sort(([left], [right]) => left - right)) {
      const newest = this.#ranges.at(-1);
      if (newest && first <= newest[1] + 1) newest[1] = Math.max(newest[1], last);
      else this.#ranges.push([first, last]);
    }
  }

  get list(): readonly (readonly [first: number, last: number])[] {
    return this.#ranges;
  }

  has(number: number): boolean {
    return this.#ranges.some(([first, last]) => first <= number && number <= last);
  }

  get first(): number | undefined {
    return this.#ranges[0]?.[0];
  }

  get last(): number | undefined {
    return this.#ranges.at(-1)?.[1];
  }

  /** The gaps from `start` up to the highest number. */
  gaps(start: number): [first: number, last: number][] {
    const gaps: [number, number][] = [];
    let next = start;
    for (const [first, last] of this.#ranges) {
      if (first > next) gaps.push([next, first - 1]);
      next = Math.max(next, last + 1);
    }
    return gaps;
  }
}
