#!/usr/bin/env node
// Writes models.json, quality.json, latency.json and local-models.json beside this file from a folder of catalog facts:
//   node refresh-catalog.mjs <path to the source models.json; its neighbours quality.json, latency.json and local.json are read too>
// What is not known is left out, never written as zero; NOTICE.md names the sources and their licences.
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { friendlyNames, replacements } from "./facts-by-hand.mjs";
import { latency } from "./refresh-latency.mjs";
import { localModels } from "./refresh-local.mjs";
import { quality } from "./refresh-quality.mjs";

const source = process.argv[2];
if (!source) {
  console.error("usage: node refresh-catalog.mjs <source models.json>");
  process.exit(2);
}

// Our provider names; the rest are left out because no provider type of ours can call them.
const providers = {
  openai: "openai", anthropic: "anthropic", google: "google", "google-vertex": "vertex", azure: "azure", mistral: "mistral",
  xai: "xai", perplexity: "perplexity", deepseek: "deepseek", togetherai: "together", alibaba: "qwen", groq: "groq",
  openrouter: "openrouter", cohere: "cohere", "fireworks-ai": "fireworks", ollama: "ollama", lmstudio: "lmstudio",
};
const flags = ["tools", "structuredOutput", "reasoning", "vision", "pdf", "audio", "temperature", "embeddings", "openWeights"];
const plainPrices = ["input", "output", "cacheRead", "cacheWrite", "cacheWrite1h", "reasoning", "audioInput", "audioOutput", "imageInput", "imageOutput"];
const known = (value) => value !== null && value !== undefined;

const pick = (from, names) => {
  const kept = Object.fromEntries(names.filter((name) => known(from?.[name])).map((name) => [name, from[name]]));
  return Object.keys(kept).length ? kept : undefined;
};

// A fee for every call belongs to models that search on each of them (Perplexity's at its default, low search context; OpenAI's
// search models) and to rerankers; all other fees are per use of a tool.
function fees(model) {
  const perCall = Object.fromEntries(Object.entries(model.prices.perCall ?? {}).filter(([, fee]) => known(fee)));
  let perRequest;
  if (known(perCall.web_search_low_context)) perRequest = perCall.web_search_low_context;
  else if (model.kind === "rerank") perRequest = perCall.search;
  else if (/^gpt-.*-search-(preview|api)|sonar-pro-search$/.test(model.id)) perRequest = perCall.web_search;
  if (known(perRequest)) return { perRequest };
  if (known(perCall.web_search)) delete perCall.search;
  return Object.keys(perCall).length ? { toolFees: perCall } : {};
}

function prices(model) {
  const from = model.prices;
  const sheet = { ...pick(from, plainPrices) };
  // Qwen and the early Gemini 2.5 previews list a dearer output price "with thinking": it covers the whole answer.
  if (known(from.reasoning) && known(from.output) && from.reasoning > from.output && ["alibaba", "google", "google-vertex"].includes(model.provider))
    sheet.reasoningCoversAnswer = true;
  // Said by the vendors' price pages: image tokens of a prompt cost what its text costs (OpenAI, xAI, Google), and so do Gemini's
  // audio tokens where no audio price is listed.
  const gemini = ["google", "google-vertex"].includes(model.provider) && model.id.startsWith("gemini");
  if (model.kind === "chat" && known(from.input)) {
    if (!known(from.imageInput) && model.capabilities.vision && (gemini || ["openai", "azure", "xai"].includes(model.provider))) sheet.imageAsText = true;
    if (!known(from.audioInput) && model.capabilities.audio && gemini) sheet.audioAsText = true;
  }
  if (from.tiers.length)
    sheet.tiers = from.tiers
      .map((tier) => pick(tier, ["aboveInputTokens", "input", "output", "cacheRead", "cacheWrite", "cacheWrite1h"]))
      .sort((a, b) => a.aboveInputTokens - b.aboveInputTokens);
  for (const service of ["batch", "flex", "priority"]) {
    const special = pick(from[service], plainPrices);
    if (special) sheet[service] = special;
  }
  // console.groq.com/docs/flex-processing (seen 2026-11): flex costs what the usual tier does.
  const plain = pick(sheet, plainPrices);
  if (model.provider === "groq" && plain) sheet.flex = plain;
  Object.assign(sheet, fees(model));
  if (from.next) sheet.next = from.next;
  return Object.keys(sheet).length ? sheet : undefined;
}

// platform.claude.com, what's new in Claude 4.6 (seen 2026-11): from then on a last message of the assistant is refused.
function refusesPrefill(model) {
  const [, line, major, minor] = /claude-(opus|sonnet|haiku|fable|mythos)-(\d{1,2})(?:[-.](\d{1,2})(?!\d))?(?!\d)/.exec(model.id) ?? [];
  return line !== undefined && (Number(major) > 4 || (Number(major) === 4 && Number(minor ?? 0) >= 6));
}

const distinct = (names) => [...new Set(names)];

function row(model, provider) {
  const out = { id: model.id };
  const key = `${provider}/${model.id}`;
  const replacement = key in replacements ? replacements[key] : model.replacement;
  // The usual way to write a tag where a colon is in the way: codellama:7b is also called codellama-7b.
  const dashed = provider === "ollama" && model.id.includes(":") && !model.id.endsWith(":latest") ? [model.id.replace(":", "-")] : [];
  const friendly = distinct([...model.localAliases, ...dashed, ...(friendlyNames[key] ?? [])]).filter(
    (name) => name !== model.id && !model.aliases.includes(name));

  if (model.model !== model.id) out.model = model.model;
  if (known(model.family)) out.family = model.family;
  if (model.kind !== "chat") out.kind = model.kind;
  if (known(model.contextWindow)) out.context = model.contextWindow;
  if (known(model.maxOutputTokens)) out.output = model.maxOutputTokens;
  if (known(model.embeddingDimensions)) out.dimensions = model.embeddingDimensions;
  if (known(model.releaseDate)) out.released = model.releaseDate;
  if (model.status !== "active") out.status = model.status;
  if (known(replacement)) out.replacement = replacement;
  if (model.aliases.length) out.aliases = model.aliases;
  if (friendly.length) out.localAliases = friendly;
  const can = flags.filter((flag) => model.capabilities[flag] === true);
  const cannot = flags.filter((flag) => model.capabilities[flag] === false);
  if (refusesPrefill(model)) cannot.push("assistantPrefill");
  if (can.length) out.can = can;
  if (cannot.length) out.cannot = cannot;
  if (model.reasoningEfforts?.length) out.efforts = model.reasoningEfforts;
  const sheet = prices(model);
  if (sheet) out.prices = sheet;
  return out;
}

const folder = dirname(fileURLToPath(import.meta.url));
const read = (name) => JSON.parse(readFileSync(join(dirname(source), name), "utf8"));

// One row a line, so that a refresh shows as the rows it changed.
function write(name, head, rows) {
  const target = join(folder, name);
  writeFileSync(target, `${JSON.stringify(head).slice(0, -1)},${rows}}\n`);
  console.log(`${target}: ${statSync(target).size.toLocaleString("en")} bytes`);
}
const lines = (rows) => `[\n${rows.map((entry) => JSON.stringify(entry)).join(",\n")}\n]`;

const facts = JSON.parse(readFileSync(source, "utf8"));
const groups = {};
for (const model of facts.models) {
  const provider = providers[model.provider];
  if (provider) (groups[provider] ??= []).push(row(model, provider));
}
for (const [key, id] of [...Object.entries(replacements), ...Object.keys(friendlyNames).map((key) => [key, null])]) {
  const [provider, retired] = [key.slice(0, key.indexOf("/")), key.slice(key.indexOf("/") + 1)];
  for (const wanted of [retired, id].filter(Boolean))
    if (!groups[provider].some((entry) => entry.id === wanted)) throw new Error(`facts-by-hand.mjs: there is no ${provider}/${wanted}`);
}
for (const [provider, rows] of Object.entries(groups))
  for (const { id, replacement } of rows) {
    const found = replacement && rows.find((entry) => entry.id === replacement || entry.aliases?.includes(replacement));
    if (replacement && (!found || ["legacy", "deprecated"].includes(found.status))) throw new Error(`${provider}/${id}: its replacement ${replacement} does not answer either`);
  }
const named = Object.keys(groups).sort();
write("models.json", { schema: 1, date: facts.generated }, `"providers":{\n${named.map((name) => `${JSON.stringify(name)}:${lines(groups[name])}`).join(",\n")}\n}`);
console.log(`${named.reduce((sum, name) => sum + groups[name].length, 0)} models of ${named.length} providers`);

const priors = read("quality.json");
write("quality.json", { schema: 1, date: priors.generated, tasks: priors.tasks }, `"models":${lines(quality(priors))}`);
const times = read("latency.json");
write("latency.json", { schema: 1, date: times.generated }, `"models":${lines(latency(times, facts, providers))}`);
const tags = Object.fromEntries(facts.models.filter((model) => model.provider === "ollama").map((model) => [model.id, model]));
write("local-models.json", { schema: 1, date: facts.generated }, `"models":${lines(localModels(read("local.json"), tags, priors))}`);
