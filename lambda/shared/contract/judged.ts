// How the versions of a run were judged: the result of a run that succeeded, as its record keeps it and the console shows it.

/** The quality gate's judgement of a version. */
export interface Verdict {
  readonly passed: boolean;
  readonly why: string;
  readonly metric?: string;
  readonly value?: number | null;
  readonly baseline?: number | null;
  readonly served?: number | null;
  /** About how many people the metric is a mean over. */
  readonly testUsers?: number | null;
}

/** A solution's part in a run that succeeded. */
export interface Judged {
  /** Name of the solution, such as `gallery-personal`. */
  readonly solution: string;
  /** ARN of its newest version. */
  readonly version: string;
  readonly metrics: Readonly<Record<string, number>>;
  readonly verdict: Verdict;
}
