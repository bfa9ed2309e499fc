// Writes src/handheld/web/static/vendor/ from node_modules: `make vendor`.
//
// A browser resolves no bare module name without an import map, and the web views of older
// phones know no import maps: the names become relative addresses here
// (docs/adr/0023-names-are-resolved-when-vendored.md).

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = new URL('.', import.meta.url);
const modules = new URL('node_modules/', here);
const target = new URL(process.argv[2] ? `file://${process.argv[2]}/`
  : '../../src/handheld/web/static/vendor/', here);

/** What is served: our name, the package, the file in it, and where its types come from. */
const FILES = [
  { file: 'preact.js', pack: 'preact', source: 'dist/preact.mjs', types: 'preact' },
  { file: 'preact-hooks.js', pack: 'preact', source: 'hooks/dist/hooks.mjs', types: 'preact/hooks' },
  {
    file: 'signals-core.js', pack: '@preact/signals-core', source: 'dist/signals-core.mjs',
    types: '@preact/signals-core',
  },
  {
    file: 'signals.js', pack: '@preact/signals', source: 'dist/signals.mjs',
    types: '@preact/signals',
  },
  { file: 'htm.js', pack: 'htm', source: 'dist/htm.mjs', types: 'htm', byDefault: true },
  {
    // The package's own types promise hooks that its module does not export.
    file: 'htm-preact.js', pack: 'htm', source: 'preact/index.mjs',
    types: "export { Component, h, render } from 'preact';\nexport { html } from 'htm/preact';",
  },
  { file: 'idb.js', pack: 'idb', source: 'build/index.js', types: 'idb' },
  {
    file: 'uplot.js', pack: 'uplot', source: 'dist/uPlot.iife.min.js', types: 'uplot',
    byDefault: true, exports: 'uPlot',
  },
  { file: 'uplot.css', pack: 'uplot', source: 'dist/uPlot.min.css' },
];

/** Where a bare name is found among the vendored files. */
const ADDRESS = new Map([
  ['preact', './preact.js'],
  ['preact/hooks', './preact-hooks.js'],
  ['@preact/signals-core', './signals-core.js'],
  ['@preact/signals', './signals.js'],
  ['htm', './htm.js'],
]);

const NAMED = /((?:\bfrom|\bimport)\s*\(?\s*)(["'])([^"'\n]+)\2/g;
const SOURCE_MAP = /\n?(?:\/\/# sourceMappingURL=.*|\/\*# sourceMappingURL=[^*]*\*\/)\s*$/;

/** @param {string} path */
const read = (path) => readFileSync(new URL(path, modules), 'utf8');
/** @param {string} text */
const sha256 = (text) => createHash('sha256').update(text).digest('hex');

const lock = JSON.parse(readFileSync(new URL('package-lock.json', here), 'utf8')).packages;

/**
 * The text of a file as it is served, and what was changed in it.
 * @param {{file: string, pack: string, source: string, exports?: string}} entry
 */
function served({ file, pack, source, exports }) {
  const changes = [];
  const original = read(`${pack}/${source}`);
  let text = original.replace(SOURCE_MAP, '');
  if (text !== original) changes.push('source map comment removed');
  if (exports) {
    text = `${text.trimEnd()}\nexport default ${exports};`;
    changes.push('export added');
  }
  let rewritten = false;
  if (file.endsWith('.js')) {
    text = text.replace(NAMED, (all, before, quote, name) => {
      if (name.startsWith('.')) throw new Error(`${file} imports ${name}: one file was expected`);
      const address = ADDRESS.get(name);
      if (!address) throw new Error(`${file} imports ${name}, which is not vendored`);
      rewritten = true;
      return `${before}${quote}${address}${quote}`;
    });
    if (rewritten) changes.push('module names rewritten');
  }
  return { text: `${text.trimEnd()}\n`, rewritten, changes };
}

/**
 * The types of a vendored file: those that its package brings (paths in tsconfig.json).
 * @param {string} types @param {boolean | undefined} byDefault
 */
function declaration(types, byDefault) {
  if (types.startsWith('export ')) return types;
  const all = `export * from '${types}';`;
  return byDefault ? `${all}\nexport { default } from '${types}';` : all;
}

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });

/** @type {Record<string, any>} */
const packages = {};
const licences = [
  'The files in this folder come from these packages; lock.json says which from which,',
  'and what was changed in them (scripts/web/vendor.mjs).',
];
for (const entry of FILES) {
  const { file, pack, source, types } = entry;
  if (!packages[pack]) {
    const { version, license, integrity } = lock[`node_modules/${pack}`];
    const installed = JSON.parse(read(`${pack}/package.json`)).version;
    if (installed !== version) {
      throw new Error(`${pack} ${installed} is installed, the lock says ${version}: run npm ci`);
    }
    packages[pack] = { version, license, integrity, files: {} };
    licences.push(`\n${'-'.repeat(78)}\n${pack} ${version} (${license})\n`);
    licences.push(read(`${pack}/LICENSE`).trim());
  }
  const { text, rewritten, changes } = served(entry);
  writeFileSync(new URL(file, target), text);
  packages[pack].files[file] = {
    source, sha256: sha256(text), bytes: Buffer.byteLength(text), rewritten, changes,
  };
  if (types) {
    const declared = `${declaration(types, entry.byDefault)}\n`;
    const name = file.replace(/\.js$/, '.d.ts');
    writeFileSync(new URL(name, target), declared);
    packages[pack].files[name] = {
      source: null, sha256: sha256(declared), bytes: Buffer.byteLength(declared),
      rewritten: false, changes: [],
    };
  }
}
writeFileSync(new URL('LICENSES.txt', target), `${licences.join('\n')}\n`);
writeFileSync(new URL('lock.json', target), `${JSON.stringify(packages, null, 2)}\n`);
console.log(`Vendored ${FILES.length} files into ${fileURLToPath(target)}`);
