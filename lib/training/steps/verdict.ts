// Whether a new version may serve, as JSONata: its metric against that of the baseline (popularity) and of the version in service.
//
// A metric is a mean over the test users, a tenth of the people (Developer Guide, "Evaluating a solution version with metrics"): in a
// young gallery over two or three of them, and such a mean jumps by chance. So a version is refused only when it is below the bar by
// more than the gate's number of standard errors. Amazon Personalize tells no spread; the largest that values between 0 and 1 with
// mean m can have, a variance of m(1 − m) (Bhatia and Davis, 2000), is taken, so that the doubt is rather too large than too small.
import { oneLine } from './jsonata';

/**
 * Reads `$solution.gate`, `$metrics`, `$baseline` and `$served` (numbers, or null where there is nothing to compare with).
 * Gives `{passed, why, metric, value, baseline, served, testUsers}`; where it is not known how many test users there are,
 * `testUsers` is null and the metrics are compared as they are.
 */
export const verdict = oneLine(`(
  $gate := $solution.gate;
  $value := $lookup($metrics, $gate.metric);
  $known := $exists($value);
  $spread := function($mean) { $mean * (1 - $mean) };
  $doubt := function($other, $ratio) {
    $exists($gate.testUsers)
      ? $gate.standardErrors * $sqrt(($spread($value) + $ratio * $ratio * $spread($other)) / $gate.testUsers)
      : 0
  };
  $compare := function($other, $ratio, $name) {
    $known and $type($other) = 'number' and $value < $other * $ratio ? {
      'refused': $value < $other * $ratio - $doubt($other, $ratio),
      'why': 'below ' & $string($ratio) & ' times ' & $name
    }
  };
  $below := [
    $compare($baseline, $gate.minimumRatioToBaseline, 'the baseline'),
    $compare($served, $gate.minimumRatioToServed, 'the version in service')
  ];
  $refused := $below[refused = true];
  {
    'passed': $count($refused) = 0,
    'metric': $gate.metric,
    'value': $known ? $value : null,
    'baseline': $baseline,
    'served': $served,
    'testUsers': $exists($gate.testUsers) ? $gate.testUsers : null,
    'why': $count($refused) > 0 ? $refused[0].why
      : $count($below) > 0 ? $below[0].why & ', within chance'
      : $known ? 'good enough' : 'this training has no metrics'
  }
)`);
