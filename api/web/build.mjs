// Builds what pages load into api/web/static: bundles, stylesheets and icons, each with its hash
// in its name and compressed beside it, and manifest.json to find them by their plain names.
// manifest.json is written last: make takes its date for the date of the build.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const WEB = dirname(fileURLToPath(import.meta.url));
const PACKAGES = join(WEB, "../../node_modules");
const TARGET = join(WEB, "static");
const IMAGES = join(WEB, "images");
const ICONS = join(PACKAGES, "@tabler/icons/icons/outline");

/** What the browser asks for by name; everything else is bundled into one of these. */
const ENTRIES = ["app.js", "diagram.js", "chart.js", "app.css", "diagram.css"];
const PACKED = new Set([".js", ".css", ".svg", ".txt"]);
const BROWSERS = ["chrome109", "edge109", "firefox115", "safari16.4"];

/** The bundles: [[plain name, content], …] and the npm packages that went into them. */
async function bundles() {
  const result = await build({
    entryPoints: ENTRIES.map((name) => join(WEB, name.endsWith(".css") ? "styles" : "scripts", name)),
    outdir: TARGET,
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: "esm",
    target: BROWSERS,
    legalComments: "none", // they are gathered in licences.txt
    external: ["/static/*"],
    logLevel: "warning",
  });
  const files = result.outputFiles.map((file) => [basename(file.path), Buffer.from(file.contents)]);
  return { files, packages: packagesOf(Object.keys(result.metafile.inputs)) };
}

function packagesOf(inputs) {
  const names = inputs.map((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]);
  return [...new Set(names.filter(Boolean)), "@tabler/icons"].sort();
}

/** One SVG file with a symbol for each icon that icons.txt names. */
async function icons() {
  const names = (await readFile(join(WEB, "scripts/icons.txt"), "utf8")).split(/\s+/).filter(Boolean);
  const symbols = await Promise.all([...new Set(names)].sort().map(symbol));
  return ["icons.svg", Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`)];
}

/** The stroke's width is left to the stylesheet, which cannot reach inside a symbol. */
async function symbol(name) {
  const source = await readFile(join(ICONS, `${name}.svg`), "utf8").catch(() => {
    throw new Error(`icons.txt names "${name}", which Tabler does not have`);
  });
  const shapes = /<svg[^>]*>(.*)<\/svg>/s.exec(source)[1];
  const drawn = shapes.replace(/<path stroke="none"[^>]*\/>/, "").replace(/\s+/g, " ").trim();
  const attributes = 'fill="none" stroke="currentColor" stroke-linecap="round" stroke-linejoin="round"';
  return `<symbol id="${name}" viewBox="0 0 24 24" ${attributes}>${drawn}</symbol>`;
}

/** Who made what the bundles hold: their licences ask to be shown beside them. */
async function licences(packages) {
  const texts = await Promise.all(packages.map(licence));
  return ["licences.txt", Buffer.from(texts.join(`\n${"-".repeat(80)}\n\n`))];
}

async function licence(name) {
  const home = join(PACKAGES, name);
  const { version, license, author } = JSON.parse(await readFile(join(home, "package.json"), "utf8"));
  const file = (await readdir(home)).find((found) => /^licen[cs]e/i.test(found));
  const text = file ? await readFile(join(home, file), "utf8") : `By ${author?.name ?? author}.`;
  return `${name} ${version} (${license})\n\n${text.trim()}\n`;
}

async function images() {
  const names = existsSync(IMAGES) ? (await readdir(IMAGES)).sort() : [];
  return Promise.all(names.map(async (name) => [name, await readFile(join(IMAGES, name))]));
}

function hashed(name, content) {
  const kind = extname(name);
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 10);
  return `${name.slice(0, -kind.length)}-${hash}${kind}`;
}

/** Write one file and its compressed twin; its line for the manifest and for the report. */
async function put([name, content]) {
  const file = hashed(name, content);
  await writeFile(join(TARGET, file), content);
  const packed = PACKED.has(extname(name)) && gzipSync(content, { level: 9 });
  if (packed) await writeFile(join(TARGET, `${file}.gz`), packed);
  return { name, file, size: content.length, packed: packed ? packed.length : content.length };
}

/** Remove what an earlier build left: the wheel takes whatever lies here. */
async function sweep(kept) {
  const left = (await readdir(TARGET)).filter((file) => !kept.has(file.replace(/\.gz$/, "")));
  await Promise.all(left.map((file) => rm(join(TARGET, file), { recursive: true })));
}

const { files, packages } = await bundles();
await mkdir(TARGET, { recursive: true });
const written = await Promise.all(
  [...files, await icons(), await licences(packages), ...(await images())].map(put),
);
const manifest = Object.fromEntries(written.map(({ name, file }) => [name, file]).sort());
await sweep(new Set([...Object.values(manifest), "manifest.json"]));
await writeFile(join(TARGET, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
for (const { name, size, packed } of written) {
  const [plain, gz] = [size, packed].map((bytes) => (bytes / 1000).toFixed(1).padStart(8));
  console.log(`${name.padEnd(14)}${plain} kB${gz} kB compressed`);
}
