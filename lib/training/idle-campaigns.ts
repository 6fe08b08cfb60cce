// Rings when a campaign is up and nobody asks it: it bills by the hour, used or not. Amazon Personalize counts requests in CloudWatch
// (namespace AWS/Personalize), but nothing there tells that a campaign is up; so the controller counts that, at least once an hour. Also for models that the
// settings do not serve: a campaign may be up that should not be.
import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { servableModels } from '../../lambda/controller/gallery';
import type { Alarms, Watch } from '../constructs/alarms';

/** As the controller writes it (`lambda/controller/tell.ts`). */
const NAMESPACE = 'EmotionGallery';
const CAMPAIGN_UP = 'CampaignUp';
const HOUR = Duration.hours(1);
/** Hours in a row without a request. */
const IDLE_HOURS = 24;

/** What a campaign's requests are counted under in AWS/Personalize (developer guide, "CloudWatch metrics for Amazon Personalize"). */
const requestMetrics: Readonly<Record<string, string>> = {
  personal: 'GetRecommendations',
  similar: 'GetRecommendations',
  ranking: 'GetPersonalizedRanking',
};

export interface IdleCampaignsProps {
  readonly datasetGroupName: string;
  readonly alarms: Alarms;
}

export class IdleCampaigns extends Construct {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: IdleCampaignsProps,
  ) {
    super(scope, id);
    for (const name of servableModels) props.alarms.watch(this, this.idle(name));
  }

  private arnOf(name: string): string {
    return Stack.of(this).formatArn({
      service: 'personalize',
      resource: 'campaign',
      resourceName: `${this.props.datasetGroupName}-${name}`,
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    });
  }

  private idle(name: string): Watch {
    const dimensionsMap = { CampaignArn: this.arnOf(name) };
    const up = new Metric({
      namespace: NAMESPACE,
      metricName: CAMPAIGN_UP,
      dimensionsMap,
      period: HOUR,
      statistic: 'Maximum',
    });
    const asked = new Metric({
      namespace: 'AWS/Personalize',
      metricName: requestMetrics[name] ?? 'GetRecommendations',
      dimensionsMap,
      period: HOUR,
      statistic: 'Sum',
    });
    return {
      name: `idle-campaign-${name}`,
      runbookEntry: 'idle-campaign',
      meaning: `The campaign ${name} is up, costs money, and was asked nothing for ${IDLE_HOURS} hours`,
      // One where it was up and not asked; no data where it was not up.
      metric: new MathExpression({
        expression: 'up - FILL(asked, 0)',
        usingMetrics: { up, asked },
        period: HOUR,
        label: 'up and not asked',
      }),
      periods: IDLE_HOURS,
    };
  }
}
