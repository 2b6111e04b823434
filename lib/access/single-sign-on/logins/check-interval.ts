/** How often the provider is asked again: whom it no longer knows is out within a quarter of an hour. */
export const checkEveryMs = 14 * 60_000;
