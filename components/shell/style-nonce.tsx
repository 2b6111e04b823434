"use client";

declare global {
  var __webpack_nonce__: string | undefined;
}

// Dialogs add a style element that stops the page behind them from scrolling. Their library reads its nonce from this
// variable. It must be the nonce of the loaded document, not of a later navigation.
if (typeof document !== "undefined") {
  globalThis.__webpack_nonce__ = document.querySelector<HTMLScriptElement>("script[nonce]")?.nonce;
}

/** Provides the page's nonce for style elements that are created in the browser. Renders nothing. */
export function StyleNonce() {
  return null;
}
