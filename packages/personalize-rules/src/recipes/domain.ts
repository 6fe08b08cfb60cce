// The recommenders of the two domains
// (https://docs.aws.amazon.com/personalize/latest/dg/domain-use-cases.html).
import type { RecipeFacts } from './recipe';

type Domain = NonNullable<RecipeFacts['domain']>;

function recommender(
  domain: Domain,
  name: string,
  type: RecipeFacts['type'],
  description: string,
  personal = false,
): RecipeFacts {
  return {
    name,
    type,
    domain,
    description,
    algorithm: name,
    hyperParameters: [],
    featureTransformationParameters: [],
    realTime: personal,
    autoUpdate: personal,
    updatable: false,
    batch: false,
  };
}

const shop = recommender.bind(undefined, 'ECOMMERCE');
const video = recommender.bind(undefined, 'VIDEO_ON_DEMAND');

export const domainRecipes: readonly RecipeFacts[] = [
  shop('aws-ecomm-popular-items-by-views', 'POPULAR_ITEMS', 'The items that the most people viewed.'),
  shop('aws-ecomm-popular-items-by-purchases', 'POPULAR_ITEMS', 'The items that the most people bought.'),
  shop(
    'aws-ecomm-frequently-bought-together',
    'RELATED_ITEMS',
    'Items that are bought along with a given one.',
  ),
  shop(
    'aws-ecomm-customers-who-viewed-x-also-viewed',
    'RELATED_ITEMS',
    'Items viewed by the people who viewed a given one.',
  ),
  shop(
    'aws-ecomm-recommended-for-you',
    'USER_PERSONALIZATION',
    'Items for each user, without what was bought.',
    true,
  ),
  video(
    'aws-vod-because-you-watched-x',
    'RELATED_ITEMS',
    'Videos watched by the people who watched a given one.',
  ),
  video('aws-vod-more-like-x', 'RELATED_ITEMS', 'Videos that are like a given one.'),
  video('aws-vod-most-popular', 'POPULAR_ITEMS', 'The videos that the most people watched.'),
  video('aws-vod-trending-now', 'POPULAR_ITEMS', 'The videos whose audience grows fastest.'),
  video('aws-vod-top-picks', 'USER_PERSONALIZATION', 'Videos for each user, without what was watched.', true),
];
