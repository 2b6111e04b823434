/** The default policy's value in the choice of scope; others are "unit:<id>" and "queue:<id>". */
export const defaultScope = "default";
