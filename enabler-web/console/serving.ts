// Which versions serve, what the quality gate said of them, and what the campaigns cost while they are up.

import type { Campaign, Run, ServedByFile, Status, Verdict } from '../api/types';
import type { Messages } from '../i18n/en';
import { h } from '../ui/dom';
import { dollarsPerHour, isBilled } from './prices';
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
      ...fact(words.costs, isBilled(campaign) ? words.perHour(dollarsPerHour(campaign)) : words.notBilled),
    ),
    refused &&
      h(
        'p',
        { class: 'failure' },
        words.passedOver(shortName(refused.version), verdictText(refused.verdict, text)),
      ),
  );
}

/** A campaign or a recommender that a configuration file made. */
function servedByFile(served: ServedByFile, { console: words }: Messages): HTMLElement {
  const { kind, name, recipe, status } = served;
  // We know no price of recommenders.
  const costs = kind === 'campaign' ? words.perHour(dollarsPerHour(served)) : words.pricedOtherwise;
  return h(
    'li',
    { class: 'campaign' },
    head(h('h4', { class: 'campaign-name' }, name), status),
    h(
      'dl',
      { class: 'facts' },
      ...fact(words.kinds[kind], recipe || words.recipeChosen),
      ...fact(words.costs, isBilled(served) ? costs : words.notBilled),
    ),
  );
}

function filesPart(servedByFiles: readonly ServedByFile[], text: Messages): HTMLElement {
  return h(
    'div',
    { class: 'of-files' },
    h('h3', { class: 'campaign-name' }, text.console.ofFiles),
    h('ul', { class: 'campaigns' }, ...servedByFiles.map((served) => servedByFile(served, text))),
  );
}

/** The card of what serves and what it costs. */
export function servingCard({ campaigns, servedByFiles = [], runs = [] }: Status, words: Words): HTMLElement {
  const { text, local } = words;
  const billed = [...(campaigns ?? []), ...servedByFiles.filter(({ kind }) => kind === 'campaign')].filter(
    isBilled,
  );
  const hourly = billed.reduce((sum, campaign) => sum + dollarsPerHour(campaign), 0);
  const { campaignsUnknown, noCampaigns, nothingBilled } = text.console;
  const idle = servedByFiles.length > 0 ? noCampaigns : `${noCampaigns} ${nothingBilled}`;
  return h(
    'section',
    { class: 'card-box', 'aria-labelledby': 'serving-title' },
    h('h2', { class: 'box-title', id: 'serving-title' }, text.console.serving),
    campaigns?.length
      ? h('ul', { class: 'campaigns' }, ...campaigns.map((campaign) => campaignCard(campaign, runs, words)))
      : h('p', { class: 'quiet' }, campaigns === undefined ? campaignsUnknown : idle),
    servedByFiles.length > 0 && filesPart(servedByFiles, text),
    billed.length > 0 &&
      h(
        'div',
        { class: 'total' },
        h('p', { class: 'total-figure' }, text.console.total(hourly, hourly * HOURS_A_MONTH)),
        h('p', { class: 'quiet' }, text.console.assumption, ' ', local && text.console.localCosts),
      ),
  );
}
