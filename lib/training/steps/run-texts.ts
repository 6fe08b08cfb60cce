// What the mails say of how a run ended.
import { oneLine } from './jsonata';

/** JSONata of how long the run has taken, in seconds. */
export const seconds = '$round(($millis() - $begunAt) / 1000)';

/** JSONata of the mail's text; reads `$plan`, `$reason`, `$begunAt` and `$results`. */
export const successText =
  oneLine(`'Dataset group: ' & $plan.datasetGroup.name & '\\nStarted by: ' & $reason & '\\nTook: ' & $string(${seconds})
  & ' seconds\\n'
  & ($count($plan.recommenders) > 0 ? '\\nRecommenders: ' & $join($plan.recommenders.name, ', ') & '\\n' : '')
  & $join($map($results, function($r) {
    '\\n' & $r.solution & ($exists($r.verdict.metric) ? ($r.verdict.passed ? ': serves' : ': is kept, not served') : ': trained')
    & '\\n  because: ' & $r.verdict.why
    & '\\n  version: ' & $r.version
    & ($type($r.verdict.served) = 'number' ? '\\n  ' & $r.verdict.metric & ' of the version in service before: ' & $string($r.verdict.served) : '')
    & ($type($r.verdict.baseline) = 'number' ? '\\n  ' & $r.verdict.metric & ' of the baseline: ' & $string($r.verdict.baseline) : '')
    & ($type($r.verdict.testUsers) = 'number' ? '\\n  test users: about ' & $string($r.verdict.testUsers) : '')
    & $join($each($r.metrics, function($v, $k) { '\\n  ' & $k & ': ' & $string($v) }))
    & '\\n' }))`);

/** The same of a run that failed; reads `$failure`. */
export const failureText =
  oneLine(`'Dataset group: ' & $plan.datasetGroup.name & '\\nStarted by: ' & $reason & '\\nFailed at: ' & $failure.step
  & '\\nError: ' & $failure.error & '\\nReason: ' & $failure.reason & '\\nAfter: ' & $string(${seconds})
  & ' seconds\\n\\nWhat serves now goes on serving. The next run goes on where this one stopped.'`);
