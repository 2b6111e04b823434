import { startChromium } from "./browsers/chromium";
import { playFormats } from "./play-formats";

playFormats("chromium", startChromium);
