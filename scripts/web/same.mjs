// Do two scripts say the same? `node same.mjs FILE` with {name: [one, other]} as JSON; prints those that differ.
import { readFileSync } from "node:fs";
import { parse } from "acorn";

const options = { ecmaVersion: 2021, sourceType: "module", allowHashBang: false };
const meaning = (text) =>
  JSON.stringify(parse(text, { ...options, ecmaVersion: 2022 }), (key, value) =>
    ["start", "end", "raw"].includes(key) && typeof value !== "object" ? undefined : typeof value === "bigint" ? `${value}n` : value,
  );

const pairs = JSON.parse(readFileSync(process.argv[2], "utf8"));
const differ = Object.entries(pairs).filter(([, [one, other]]) => meaning(one) !== meaning(other));
console.log(JSON.stringify(differ.map(([name]) => name)));
