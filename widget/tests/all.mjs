/** All tests of the widget, one after the other in one browser: `npm test`, or one file alone: `npm test -- keyboard`. */
import {after, before} from "node:test";
import {readdirSync} from "node:fs";
import {close, open} from "./clinic.mjs";

before(open);
after(close);

const wanted = process.argv[2] ?? "";
const files = readdirSync(new URL(".", import.meta.url)).filter((name) => name.endsWith(".test.mjs") && name.includes(wanted));
for (const name of files.sort()) await import(`./${name}`);
