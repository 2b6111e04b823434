"use client";

import { createContext, useContext, useState, type FormEvent } from "react";

/** The form that was typed in last. In memory alone, because it has personal data: it ends with the page's tab. */
let last: { form: string; values: FormData } | undefined;

const Kept = createContext<FormData | undefined>(undefined);

/**
 * Keeps what is typed in a long form while its reader goes to another page and back.
 * @param form its id, which no other form has.
 */
export function useKeptForm(form: string) {
  const [values] = useState(() => (last?.form === form ? last.values : undefined));
  return {
    Provider: Kept.Provider,
    values,
    onInput: (event: FormEvent<HTMLFormElement>) => {
      last = { form, values: new FormData(event.currentTarget) };
    },
    forget: () => {
      last = undefined;
    },
  };
}

/** The values that a field of the form had when it was left; undefined if it was never left. */
export function useKeptValues(name: string): string[] | undefined {
  return useContext(Kept)?.getAll(name).map(String);
}
