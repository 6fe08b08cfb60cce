// The project's main job, from an empty account to a personal gallery and back to nothing: the CDK CLI deploys the app
// into AWS on localhost, people use it in Chromium, and it trains by itself. The chapters follow each other in one deployment.
import { collecting } from './collecting';
import { Deployment } from './deployment';
import { personalGallery } from './personal-gallery';
import { redeploying } from './redeploying';
import { retraining } from './retraining';

jest.setTimeout(600_000);

const deployment = new Deployment();

beforeAll(() => deployment.open());
afterAll(() => deployment.close());

describe('from nothing to the minimum', () => collecting(deployment));
describe('the personal gallery', () => personalGallery(deployment));
describe('training again', () => retraining(deployment));
describe('deploying again, and taking it down', () => redeploying(deployment));
