// Decides whether a new version may serve: against the baseline solution (popularity) and against the version in service, on one
// offline metric. A version that is worse beyond chance is kept, not served, and the reason is told.
import { Choice, Condition, Pass } from 'aws-cdk-lib/aws-stepfunctions';
import { ANY, personalizeArns } from './arns';
import type { Step } from './failure';
import { oneLine } from './jsonata';
import { type Path, personalizeCall } from './personalize-call';
import { verdict } from './verdict';

/** An update training, for example, has no metrics. */
const gateMetric = oneLine(`{% (
  $value := $lookup($states.result.Metrics, $solution.gate.metric);
  $exists($value) ? $value : null
) %}`);

/** Reads `$solution`, `$version`, `$metrics`; assigns `$verdict`: {passed, why} and what was compared. */
export function judgeVersion(step: Step): Path {
  const resources = personalizeArns(step, 'solution', 'campaign');
  const begin = Pass.jsonata(step, 'judge: begin', {
    assign: { baseline: null, served: null, servedVersion: null },
  });
  const done = Pass.jsonata(step, 'judge: done');
  const noGate = Pass.jsonata(step, 'judge: nothing to judge', {
    assign: { verdict: { passed: true, why: 'no campaign serves this solution' } },
  });
  const campaign = personalizeCall(step, 'version in service', {
    action: 'describeCampaign',
    parameters: { CampaignArn: '{% $solution.campaigns[0].arn %}' },
    resources,
    assign: { servedVersion: '{% $states.result.Campaign.SolutionVersionArn %}' },
  });
  const servedMetrics = personalizeCall(step, 'metrics of the version in service', {
    action: 'getSolutionMetrics',
    parameters: { SolutionVersionArn: '{% $servedVersion %}' },
    resources,
    assign: { served: gateMetric },
  });
  const baselines = personalizeCall(step, 'versions of the baseline', {
    action: 'listSolutionVersions',
    parameters: { SolutionArn: '{% $solution.gate.baselineSolutionArn %}', MaxResults: 100 },
    // Lists cannot be limited to a resource (Service Authorization Reference).
    resources: ANY,
    assign: {
      baselineVersions:
        "{% [$states.result.SolutionVersions[Status = 'ACTIVE']^(>$toMillis(CreationDateTime)).SolutionVersionArn] %}",
    },
  });
  const baselineMetrics = personalizeCall(step, 'metrics of the baseline', {
    action: 'getSolutionMetrics',
    parameters: { SolutionVersionArn: '{% $baselineVersions[0] %}' },
    resources,
    assign: { baseline: gateMetric },
  });
  const decide = Pass.jsonata(step, 'judge: compare', { assign: { verdict: `{% ${verdict} %}` } });
  const hasBaseline = Choice.jsonata(step, 'judge: is there a baseline?')
    .when(Condition.jsonata('{% $exists($solution.gate.baselineSolutionArn) %}'), baselines)
    .otherwise(decide);

  // What is not there is not compared with.
  const absent = ['Personalize.ResourceNotFoundException'];
  campaign.addCatch(hasBaseline, { errors: absent });
  servedMetrics.addCatch(hasBaseline, { errors: absent });
  baselines.addCatch(decide, { errors: absent });
  baselineMetrics.addCatch(decide, { errors: absent });

  step.guard(campaign).next(
    Choice.jsonata(step, 'judge: does it serve already?')
      // A campaign that follows the newest version by itself serves this one whatever is judged.
      .when(
        Condition.jsonata("{% $servedVersion = $version or $contains($servedVersion, '$LATEST') %}"),
        hasBaseline,
      )
      .otherwise(step.guard(servedMetrics).next(hasBaseline)),
  );
  step
    .guard(baselines)
    .next(
      Choice.jsonata(step, 'judge: was the baseline trained?')
        .when(Condition.jsonata('{% $count($baselineVersions) > 0 %}'), step.guard(baselineMetrics))
        .otherwise(decide),
    );
  baselineMetrics.next(decide);
  decide.next(done);
  noGate.next(done);
  begin.next(
    Choice.jsonata(step, 'judge: is there a gate?')
      .when(Condition.jsonata('{% $exists($solution.gate) %}'), campaign)
      .otherwise(noGate),
  );
  return { start: begin, done };
}
