/** Builds the one file that clinics load, into the folder from which the gateway serves it.
 *
 * `node build.mjs` writes it; `--check` only says whether the committed file is what the source builds to, byte for byte.
 */
import {readFile, writeFile} from "node:fs/promises";
import {gzipSync} from "node:zlib";
import esbuild from "esbuild";

const HERE = import.meta.dirname ?? new URL(".", import.meta.url).pathname;
const LARGEST = 35 * 1024; // bytes, gzipped
const {version} = JSON.parse(await readFile(`${HERE}/package.json`, "utf8"));
const target = `${HERE}/../intake/gateway/widget/intake-chat-${version}.js`;

const css = { // a style sheet is imported as a short text and handed to the browser as a constructed one
  name: "css",
  setup(build) {
    build.onLoad({filter: /\.css$/}, async ({path}) => {
      const {code} = await esbuild.transform(await readFile(path, "utf8"), {loader: "css", minify: true});
      return {contents: code, loader: "text"};
    });
  },
};

const {outputFiles} = await esbuild.build({
  entryPoints: [`${HERE}/src/main.ts`],
  absWorkingDir: HERE,
  bundle: true,
  minify: true,
  write: false,
  format: "iife",
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  banner: {js: `/* intake-chat ${version}; contains Lit, BSD-3-Clause, Google LLC */`},
  conditions: ["production"],
  plugins: [css],
});
const built = Buffer.from(outputFiles[0].contents);
const zipped = gzipSync(built, {level: 9}).length;
console.log(`${(built.length / 1024).toFixed(1)} kB, ${(zipped / 1024).toFixed(1)} kB gzipped of at most ${LARGEST / 1024}`);
if (zipped > LARGEST) throw new Error("The widget has become too large.");
if (process.argv.includes("--check")) {
  const committed = await readFile(target).catch(() => Buffer.alloc(0));
  if (!built.equals(committed)) {
    console.error("The bundle in intake/gateway/widget is not what widget/ builds to: run `make widget`.");
    process.exit(1);
  }
} else await writeFile(target, built);
