import { z } from "zod";

/** Items of a batch that are prepared at the same time, with the store and the database. */
export const itemsAtOnce = 8;

export const mostItems = 100;

/** The input of a batch. Its items are checked one by one, because each has its own answer. */
export const batchOf = <Name extends string>(name: Name) =>
  z.strictObject({ [name]: z.array(z.unknown()).min(1).max(mostItems) } as Record<Name, z.ZodArray<z.ZodUnknown>>);
