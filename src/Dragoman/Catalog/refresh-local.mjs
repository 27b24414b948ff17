// Local models as Ollama's library has them: sizes per quantisation, what the KV cache takes, what each is best for.

const known = (value) => value !== null && value !== undefined;
const coder = /code|devstral|codestral/;
const seeing = /llava|vision|vl:/;
// Named as made for many languages on their own cards: bge-m3, snowflake-arctic-embed2, qwen3-embedding (seen 2026-11).
const polyglotEmbedding = /bge-m3|arctic-embed2|qwen3-embedding/;

// `specialised` is made for one thing, code or seeing; else 4 billion parameters part the small from the large.
function typeOf(model, parameters) {
  if (model.kind === "embedding") return "embedding";
  if (coder.test(model.ollamaTag) || seeing.test(model.ollamaTag)) return "specialised";
  return known(parameters) && parameters <= 4 ? "small" : "large";
}

// What it is made for, then at most two tasks at which it was measured better than it is overall by more than that measurement's
// error, the clearest first; a model of which nothing of the kind is known is for chat.
function bestFor(model, row, prior) {
  if (model.kind === "embedding") return polyglotEmbedding.test(model.ollamaTag) ? ["embeddings", "multilingual"] : ["embeddings"];
  const best = [];
  if (coder.test(model.ollamaTag)) best.push("code");
  if (row.capabilities.vision) best.push("vision");
  if (row.capabilities.reasoning) best.push("reasoning", "math");
  const better = Object.entries(prior?.tasks ?? {})
    .map(([task, { score, se }]) => ({ task: task === "longcontext" ? "long_context" : task, gain: (score - prior.overall) / se }))
    .filter(({ task, gain }) => gain > 1 && !best.includes(task))
    .sort((a, b) => b.gain - a.gain);
  best.push(...better.slice(0, 2).map(({ task }) => task));
  return best.length ? best : ["chat"];
}

export function localModels(source, tags, priors) {
  const priorOf = Object.fromEntries(priors.priors.map((prior) => [prior.model, prior]));
  return source.models.map((model) => {
    const row = tags[model.ollamaTag];
    const files = Object.fromEntries(model.quantisations.map((file) => [file.quantisation, file.fileBytes]));
    if (known(model.defaultQuantisation) && known(model.defaultFileBytes)) files[model.defaultQuantisation] ??= model.defaultFileBytes;
    // Two bytes a parameter: where nobody says the number of parameters, the FP16 file does.
    const parameters = model.parametersB ?? (files.FP16 ?? files.BF16 ? Math.round((files.FP16 ?? files.BF16) / 2e8) / 10 : undefined);
    const out = { tag: model.ollamaTag, name: model.name, model: row.model, family: model.family };
    if (known(parameters)) out.parametersB = parameters;
    if (known(model.activeParametersB)) out.activeParametersB = model.activeParametersB;
    out.type = typeOf(model, parameters);
    out.bestFor = bestFor(model, row, priorOf[row.model]);
    if (known(model.licence)) out.licence = model.licence;
    if (known(model.nativeContext)) out.nativeContext = model.nativeContext;
    if (known(model.defaultContext)) out.defaultContext = model.defaultContext;
    if (known(model.embeddingDimensions)) out.dimensions = model.embeddingDimensions;
    if (known(model.kvBytesPerTokenF16)) {
      out.kvBytesPerToken = model.kvBytesPerTokenF16;
      if (known(model.slidingLayers)) Object.assign(out, { layers: model.layers, slidingLayers: model.slidingLayers, slidingWindow: model.slidingWindow });
    }
    if (known(model.defaultQuantisation)) out.quantisation = model.defaultQuantisation;
    if (known(model.defaultFileBytes)) out.fileBytes = model.defaultFileBytes;
    if (Object.keys(files).length) out.files = files;
    return out;
  });
}
