// What events of a type count (https://docs.aws.amazon.com/personalize/latest/dg/optimizing-solution-events-config.html).

/** Only the ratio of weights matters, as documented: divided by their mean. Types that are not named weigh nothing. */
export function relativeWeights(
  weights: Readonly<Record<string, number>>,
): (type: string | undefined) => number {
  const values = Object.values(weights);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return (type) => (type === undefined || !(mean > 0) ? 0 : (weights[type] ?? 0) / mean);
}
