// English texts of the operators' console.

import { curationEn } from './curation-en';

const dollars = new Intl.NumberFormat('en', { style: 'currency', currency: 'USD' });

export const consoleEn = {
  title: 'Console',
  intro: 'What the gallery is learning, what serves, and what it costs.',
  operatorsOnly: 'This page is for operators. Open it by a link that this command prints:',
  operatorsHint:
    'In the link, put console.html in the place of enabler.html. This tab remembers it until it is closed.',
  linkExpired:
    'The operator link is not valid any more: it has run out or was revoked. Print a new one: npm run gallery -- operators add NAME',
  noAnswer: 'No answer at the moment; what you see is the last that was known. Trying again by itself.',

  pipeline: 'Training',
  stateNames: { collecting: 'Collecting likes', training: 'Training', ready: 'Ready', failed: 'Failed' },
  states: {
    collecting: 'No training yet: it starts by itself at the minimum.',
    training: 'A training is under way.',
    ready: 'The last training succeeded. The next one starts by the schedule, or by you.',
    readyStill:
      'What an earlier training made goes on serving. The next one starts by the schedule, or by you.',
    failed: 'No training has succeeded yet.',
  },
  steps: {
    begin: 'Begin',
    plan: 'Plan',
    resources: 'Resources',
    import: 'Import',
    recommenders: 'Recommenders',
    train: 'Train',
    judge: 'Judge',
    serve: 'Serve',
    batch: 'Batch jobs',
    'take down': 'Take down',
  },
  lastFailed: (step: string, reason: string) => `The last run failed at “${step}”: ${reason}`,
  failed: (step: string, reason: string) => `Failed at “${step}”: ${reason}`,
  failedHere: 'failed here',
  runProgress: 'This run, by the steps of the one before',
  running: (time: string) => `running for ${time}`,
  since: (time: string) => `since ${time}`,
  start: 'Start a training',
  startHint: 'A training costs money on AWS, and takes from some minutes to hours.',
  started: 'The training has been started.',
  startedLater: (awaited: string) => `It starts by itself, and waits for ${awaited}.`,
  stop: 'Stop the training',
  stopHint: 'What serves now goes on serving.',
  stopTitle: 'Stop this training?',
  stopText:
    'The run ends as failed, and so does what Amazon Personalize is training at this moment. The next run begins anew.',
  stopNot: 'Let it go on',
  stopped: 'The training has been stopped.',
  nothingToStop: 'Nothing was under way.',
  controlFailed: (reason: string) => `That did not work: ${reason}`,

  serving: 'Serving now',
  models: { personal: 'Recommendations', similar: 'Similar pictures', ranking: 'Ranking' },
  version: 'Version',
  trainedAt: 'Trained',
  gate: 'Quality gate',
  gateUnknown: 'not in the recorded runs',
  costs: 'Costs',
  perHour: (value: number) => `${dollars.format(value)} an hour`,
  notBilled: 'nothing in this state',
  kinds: { campaign: 'campaign', recommender: 'recommender' },
  recipeChosen: 'a recipe that Amazon Personalize chose',
  noCampaigns: 'No campaign of the gallery is up: it shows popular and new pictures.',
  nothingBilled: 'Nothing is billed by the hour.',
  campaignsUnknown: 'The controller has not looked yet which campaigns are up.',
  passedOver: (version: string, why: string) => `The newest version, ${version}, was not taken: ${why}`,
  total: (hour: number, month: number) =>
    `${dollars.format(hour)} an hour, ${dollars.format(month)} in 30 days`,
  assumption:
    'Assumed: list prices of us-east-1 ($0.15 for 1,000 requests to v2 recipes, $0.0556 to others), and that each campaign is billed for its minimum of requests a second, at least 1, used or not. Trainings, storage, use beyond that, and the users of recommenders come on top. Check the price page.',
  localCosts: 'This gallery runs on localhost, where nothing is billed: the figures are those of AWS.',
  reasons: {
    'good enough': 'good enough',
    'this training has no metrics': 'this training has no metrics',
    'no campaign serves this solution': 'no campaign serves this solution',
  },
  below: (ratio: string, baseline: boolean) =>
    `below ${ratio === '1' ? '' : `${ratio} times `}${baseline ? 'the baseline' : 'the version in service'}`,
  withinChance: (below: string) => `${below}, but within chance`,
  baselineOf: (value: string) => `baseline ${value}`,
  servedOf: (value: string) => `in service before ${value}`,
  testUsers: (count: number) => (count === 1 ? 'about 1 test user' : `about ${count} test users`),
  passed: 'passed',
  refused: 'not taken',

  groups: 'Dataset groups',
  noGroups: 'The controller has not looked at any dataset group yet.',
  galleryGroup: (name: string) => `${name} (this gallery)`,
  groupStates: { settled: 'As declared', working: 'At work', waiting: 'Waiting', failed: 'Needs a person' },
  declaredBy: 'Declared by',
  bySettings: 'the deployment’s settings',
  waitsFor: 'Waits for',
  servesNow: 'Serves',
  served: (name: string, kind: string, recipe: string, status: string) =>
    `${name}: ${kind} of ${recipe}, ${status}`,
  comesNext: 'Comes next',
  plannedAfter: (what: string, after: string) => `${what}, after: ${after}`,
  scheduled: (what: string, at: string) => `${what}, by its schedule on ${at}`,
  lookedAtAgain: (at: string) => `looked at again by ${at} at the latest`,

  metrics: 'Quality over time',
  metric: 'Metric',
  metricsHint:
    'Offline metrics of Amazon Personalize, each from likes held back in its training: higher is better.',
  noMetrics: 'After the first training, its metrics appear here.',
  chart: (metric: string, runs: number) =>
    `${metric} of each solution in ${runs} ${runs === 1 ? 'run' : 'runs'}`,
  asTable: 'As a table',
  solution: 'Solution',

  runs: 'Runs',
  noRuns: 'No run yet.',
  outcomes: { running: 'running', succeeded: 'succeeded', failed: 'failed' },
  startedBy: {
    'minimum-reached': 'The minimum was reached',
    schedule: 'By the schedule',
    operator: 'By an operator',
    configuration: 'By a configuration file',
    data: 'New data came',
    deployment: 'By a deployment',
    look: 'Found at a look',
    unknown: 'Not recorded',
  },

  refusedTitle: (files: number) => `Not in the gallery: ${files === 1 ? '1 file' : `${files} files`}`,
  refusedIntro:
    'These were put under emotions/ and are not shown. Repair and upload them again, or delete them.',
  refusedFile: 'File',
  refusedReason: 'Because',

  curation: curationEn,

  tryOut: 'One person, before and after',
  tryIntro:
    'A new test person looks at the gallery, likes pictures of one mood, and looks again. Their likes count like everyone’s.',
  tryStart: 'Invite a test person',
  tryAnother: 'Another person',
  tryLike: (likes: number) => `Like ${likes} pictures of it`,
  tryBefore: 'Before',
  tryAfter: (likes: number) => `After ${likes} likes`,
  moodShare: (pictures: number, all: number, mood: string) => `${mood}: ${pictures} of ${all}`,
  sources: { personalize: 'from the model', popular: 'by likes', newest: 'by age' },
  tryFailed: (reason: string) => `The try-out stopped: ${reason}`,

  links: 'More',
  linkEnabler: 'Give likes, next person, simulated crowd',
  linkBoard: 'Board for a projector',
  linkGallery: 'The gallery as visitors see it',
  linkApi: 'The API’s description (OpenAPI)',
  linkPrices: 'Prices of Amazon Personalize',
};
