"use client";

declare global {
  var __webpack_nonce__: string | undefined;
}

// Dialogs add a style element that stops the page behind them from scrolling. Their library takes its nonce from this
// variable; it has to be the nonce of the document that was loaded, not one of a later navigation.
if (typeof document !== "undefined") {
  globalThis.__webpack_nonce__ = document.querySelector<HTMLScriptElement>("script[nonce]")?.nonce;
}

/** Lends the page's nonce to style elements made in the browser. Renders nothing. */
export function StyleNonce() {
  return null;
}
