// Quality priors: per model the overall ability and a score per task, each with its standard error, on one scale from 0 to 100 on
// which gpt-3.5-turbo is 30 and the best model of the day they were fitted 95.

const tenth = (number) => Math.round(number * 10) / 10;

export function quality(source) {
  return source.priors
    .map((prior) => {
      const tasks = source.tasks.map((task) => prior.tasks[task] ?? prior.missing[task]);
      const measured = source.tasks.map((task) => prior.tasks[task]).filter(Boolean);
      const row = {
        model: prior.model,
        overall: tenth(prior.overall),
        // The overall ability of a measured model rests on all of its rows: it is no less certain than its surest task.
        error: tenth(prior.se ?? Math.min(...measured.map((task) => task.se))),
      };
      if (prior.basis !== "measured") row.basis = prior.basis.startsWith("successor") ? "successor" : "regression";
      row.scores = tasks.map((task) => tenth(task.score));
      row.errors = tasks.map((task) => tenth(task.se));
      const inferred = source.tasks.filter((task) => !prior.tasks[task]);
      if (inferred.length && row.basis === undefined) row.inferred = inferred;
      return row;
    })
    .sort((a, b) => (a.model < b.model ? -1 : 1));
}
