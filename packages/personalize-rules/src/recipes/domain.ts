// The recommenders of the two domains
// (https://docs.aws.amazon.com/personalize/latest/dg/domain-use-cases.html).
import { configurableExploration } from './hyper-parameters';
import type { RecipeFacts } from './recipe';

type UseCase = Omit<
  RecipeFacts,
  'domain' | 'algorithm' | 'hyperParameters' | 'featureTransformationParameters' | 'published'
>;

const recommenders = (domain: RecipeFacts['domain'], useCases: readonly UseCase[]): RecipeFacts[] =>
  useCases.map((useCase) => ({
    ...useCase,
    domain,
    algorithm: useCase.name,
    hyperParameters: [],
    featureTransformationParameters: [],
    published: '2019-06-10',
  }));

const personal = {
  type: 'USER_PERSONALIZATION',
  asksFor: ['userId'],
  exploration: configurableExploration,
  realTime: true,
  autoUpdate: true,
} as const;

const shop = recommenders('ECOMMERCE', [
  {
    name: 'aws-ecomm-popular-items-by-views',
    type: 'POPULAR_ITEMS',
    description: 'The items that the most people viewed.',
    asksFor: [],
    countsEventType: 'View',
  },
  {
    name: 'aws-ecomm-popular-items-by-purchases',
    type: 'POPULAR_ITEMS',
    description: 'The items that the most people bought.',
    asksFor: [],
    countsEventType: 'Purchase',
  },
  {
    name: 'aws-ecomm-frequently-bought-together',
    type: 'RELATED_ITEMS',
    description: 'Items that are bought along with a given one.',
    asksFor: ['itemId'],
    countsEventType: 'Purchase',
  },
  {
    name: 'aws-ecomm-customers-who-viewed-x-also-viewed',
    type: 'RELATED_ITEMS',
    description: 'Items viewed by the people who viewed a given one.',
    asksFor: ['itemId', 'userId'],
    countsEventType: 'View',
  },
  {
    name: 'aws-ecomm-recommended-for-you',
    description: 'Items for each user, without what was bought.',
    ...personal,
    leavesOutEventType: 'Purchase',
  },
]);

const video = recommenders('VIDEO_ON_DEMAND', [
  {
    name: 'aws-vod-because-you-watched-x',
    type: 'RELATED_ITEMS',
    description: 'Videos watched by the people who watched a given one.',
    asksFor: ['itemId'],
    countsEventType: 'Watch',
  },
  {
    name: 'aws-vod-more-like-x',
    type: 'RELATED_ITEMS',
    description: 'Videos that are like a given one.',
    asksFor: ['itemId', 'userId'],
  },
  {
    name: 'aws-vod-most-popular',
    type: 'POPULAR_ITEMS',
    description: 'The videos that the most people watched.',
    asksFor: [],
    countsEventType: 'Watch',
  },
  {
    name: 'aws-vod-trending-now',
    type: 'POPULAR_ITEMS',
    description: 'The videos whose audience grows fastest.',
    asksFor: [],
  },
  {
    name: 'aws-vod-top-picks',
    description: 'Videos for each user, without what was watched.',
    ...personal,
    leavesOutEventType: 'Watch',
  },
]);

export const domainRecipes: readonly RecipeFacts[] = [...shop, ...video];
