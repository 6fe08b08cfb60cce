// Which versions serve, what the quality gate said of them, and what the campaigns cost while they are up.

import { pricePerHour } from '../../lambda/controller/prices';
import type { Campaign, Run, Status, Verdict } from '../api/types';
import type { Messages } from '../i18n/en';
import { h } from '../ui/dom';
import { passedOver, resultOfVersion, shortName } from './results';
import { pointInTime } from './times';

const HOURS_A_MONTH = 24 * 30;

interface Words {
  readonly text: Messages;
  readonly language: string;
  /** Whether this is the service on localhost, where nothing is billed. */
  readonly local: boolean;
}

function number(value: number | null | undefined): string | undefined {
  return typeof value === 'number' ? value.toFixed(3) : undefined;
}

/** "good enough (0.290, baseline 0.121, in service before 0.200, about 3 test users)" */
export function verdictText(verdict: Verdict, text: Messages): string {
  const reasons: Readonly<Record<string, string>> = text.console.reasons;
  const known = reasons[verdict.why];
  const ratio = /^below ([\d.]+) times the (baseline|version in service)(, within chance)?$/.exec(
    verdict.why,
  );
  const below = ratio && text.console.below(ratio[1] ?? '', ratio[2] === 'baseline');
  const why = below ? (ratio[3] ? text.console.withinChance(below) : below) : (known ?? verdict.why);
  const figures = [
    number(verdict.value),
    number(verdict.baseline) && text.console.baselineOf(number(verdict.baseline) ?? ''),
    number(verdict.served) && text.console.servedOf(number(verdict.served) ?? ''),
    verdict.testUsers && text.console.testUsers(verdict.testUsers),
  ].filter((figure) => figure);
  return figures.length > 0 ? `${why} (${figures.join(', ')})` : why;
}

/** From when a campaign is active. */
export const isBilled = ({ status }: Pick<Campaign, 'status'>): boolean => status === 'ACTIVE';

const fact = (name: string, value: string): HTMLElement[] => [h('dt', {}, name), h('dd', {}, value)];

function head(title: HTMLElement, status: string): HTMLElement {
  const state = isBilled({ status }) ? 'state-ready' : 'state-training';
  return h('div', { class: 'box-head' }, title, h('span', { class: `state ${state}` }, status));
}

function campaignCard(campaign: Campaign, runs: readonly Run[], { text, language }: Words): HTMLElement {
  const { console: words } = text;
  const found = resultOfVersion(runs, campaign.solutionVersion);
  const refused = passedOver(runs, campaign);
  const version = campaign.solutionVersion ? shortName(campaign.solutionVersion) : '–';
  return h(
    'li',
    { class: 'campaign' },
    head(h('h3', { class: 'campaign-name' }, words.models[campaign.model]), campaign.status),
    h(
      'dl',
      { class: 'facts' },
      ...fact(words.version, version),
      ...(found ? fact(words.trainedAt, pointInTime(found.run.startedAt, language)) : []),
      ...fact(words.gate, found ? verdictText(found.result.verdict, text) : words.gateUnknown),
      ...fact(
        words.costs,
        isBilled(campaign)
          ? words.perHour(pricePerHour(campaign.recipe, campaign.minProvisionedTps))
          : words.notBilled,
      ),
    ),
    refused &&
      h(
        'p',
        { class: 'failure' },
        words.passedOver(shortName(refused.version), verdictText(refused.verdict, text)),
      ),
  );
}

/** The card of what serves and what it costs. */
export function servingCard({ campaigns, groups = [], runs = [] }: Status, words: Words): HTMLElement {
  const { text, local } = words;
  // Of all dataset groups.
  const hourly = groups.reduce((sum, { pricePerHour }) => sum + pricePerHour, 0);
  const { campaignsUnknown, noCampaigns, nothingBilled } = text.console;
  const idle = hourly > 0 ? noCampaigns : `${noCampaigns} ${nothingBilled}`;
  return h(
    'section',
    { class: 'card-box', 'aria-labelledby': 'serving-title' },
    h('h2', { class: 'box-title', id: 'serving-title' }, text.console.serving),
    campaigns?.length
      ? h('ul', { class: 'campaigns' }, ...campaigns.map((campaign) => campaignCard(campaign, runs, words)))
      : h('p', { class: 'quiet' }, campaigns === undefined ? campaignsUnknown : idle),
    hourly > 0 &&
      h(
        'div',
        { class: 'total' },
        h('p', { class: 'total-figure' }, text.console.total(hourly, hourly * HOURS_A_MONTH)),
        h('p', { class: 'quiet' }, text.console.assumption, ' ', local && text.console.localCosts),
      ),
  );
}
