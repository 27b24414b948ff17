// Starting latencies: time to first token and output tokens per second, per provider and model, and the median over all providers
// that were seen for the same model (`any`). Whole requests' and coding exercises' times are left out: they measure something else.

const median = (numbers) => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};
const rounded = (number, digits) => Math.round(number * 10 ** digits) / 10 ** digits;

function pair(rows) {
  const of = (metric) => {
    const values = rows.filter((row) => row.metric === metric).map((row) => row.value);
    return values.length ? median(values) : undefined;
  };
  const [first, speed] = [of("ttftSeconds"), of("tokensPerSecond")];
  const out = {};
  if (first !== undefined) out.firstTokenMs = rounded(first * 1000, 0);
  if (speed !== undefined) out.tokensPerSecond = rounded(speed, 1);
  return out;
}

export function latency(source, facts, providers) {
  const rows = source.rows.filter((row) => row.metric === "ttftSeconds" || row.metric === "tokensPerSecond");
  const served = new Set(facts.models.map((model) => `${providers[model.provider]}/${model.model}`));
  return [...new Set(rows.map((row) => row.model))].sort().map((model) => {
    const mine = rows.filter((row) => row.model === model);
    const out = { model, any: pair(mine) };
    for (const theirs of [...new Set(mine.map((row) => row.provider))].filter(Boolean).sort()) {
      // The source calls both of Google's doors by one name.
      for (const ours of theirs === "google" ? ["google", "vertex"] : [providers[theirs]])
        if (ours && served.has(`${ours}/${model}`)) (out.at ??= {})[ours] = pair(mine.filter((row) => row.provider === theirs));
    }
    return out;
  });
}
