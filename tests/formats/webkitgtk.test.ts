import { startWebKitGtk } from "./browsers/webkitgtk";
import { playFormats } from "./play-formats";

playFormats("webkitgtk", startWebKitGtk);
