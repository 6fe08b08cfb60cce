// The request and response schemas of the HTTP API: what validates is what the OpenAPI document and the pages' types say.
// zod/mini, because the full build brings every language's messages into each bundle.
import * as z from 'zod/mini';
import { EMOTIONS, emotionOfItemId } from './emotions';
import { FILE_TYPES, MOST_BYTES, MOST_FILES } from './files';

export const LIMITS = {
  bodyBytes: 64 * 1024,
  likes: 10,
  impression: 25,
  /** Length of an item id, as Amazon Personalize limits it. */
  itemIdCharacters: 256,
  images: 50,
  defaultImages: 12,
  latest: 24,
  defaultLatest: 12,
  people: 25,
  ranking: 100,
  refused: 100,
  removed: 100,
  fileNameCharacters: 1024,
  operatorPictures: 60,
  occurredAtAgeMs: 14 * 24 * 3600 * 1000,
  occurredAtSkewMs: 60 * 1000,
  /** A cursor holds an item id, whose letters take up to three bytes each, in base64. */
  cursorCharacters: 1280,
} as const;

/** What a missing or mistyped value is told. A schema's own pattern or range message wins over it. */
const must = (be: string) => ({
  error: (issue: { readonly input?: unknown }) =>
    issue.input === undefined ? `is missing: must be ${be}` : `must be ${be}`,
});

const emotionSchema = z.enum(EMOTIONS, must(`one of ${EMOTIONS.join(', ')}`)).register(z.globalRegistry, {
  description: 'One of the eight emotions of the gallery.',
});

/** In one form: the same name typed on a Mac and elsewhere is the same item. */
const itemId = z
  .string(must('an item id, emotions/<emotion>/<file>'))
  .check(
    z.normalize('NFC'),
    z.maxLength(LIMITS.itemIdCharacters, `must not be longer than ${LIMITS.itemIdCharacters} characters`),
    z.refine(
      (value) => emotionOfItemId(value) !== undefined,
      `must be emotions/<emotion>/<file> with an emotion out of ${EMOTIONS.join(', ')}`,
    ),
  )
  .register(z.globalRegistry, {
    description: "The picture's object key.",
    examples: ['emotions/calm/001.svg'],
  });

/** Amazon Personalize accepts the text `null` with a 200 and then drops the event; so do we refuse it. */
const NOT_A_SESSION = new Set(['null', 'undefined', 'nan', 'none', 'false', 'true']);

const sessionId = z.string(must('a text of 1 to 128 letters, digits, hyphens and underscores')).check(
  z.regex(/^[A-Za-z0-9_-]{1,128}$/, 'must be 1 to 128 letters, digits, hyphens and underscores'),
  z.refine(
    (value) => !NOT_A_SESSION.has(value.toLowerCase()),
    'must be a real session id, not a placeholder',
  ),
);

/** In small letters, as RFC 9562 writes them: the same id in capitals is the same event. */
const uuid = (what: string) => z.uuid(must(`a UUID, ${what}`)).check(z.toLowerCase());

const timestamp = z.iso.datetime(
  must('an ISO 8601 date and time in UTC, for example 2026-05-01T12:00:00.000Z'),
);

export const likeEventSchema = z.strictObject(
  {
    eventId: uuid("this event's own id"),
    itemId,
    liked: z.boolean(must('true (like) or false (take the like back)')),
    impression: z
      .array(itemId, must(`a list of at most ${LIMITS.impression} item ids that were on the page`))
      .check(z.maxLength(LIMITS.impression, `must not have more than ${LIMITS.impression} item ids`)),
    recommendationId: z.optional(
      z
        .string(must('the recommendation id that came with the pictures'))
        .check(z.regex(/^RID-[A-Za-z0-9-]{1,36}$/, 'must be RID- and 1 to 36 letters, digits and hyphens')),
    ),
    occurredAt: timestamp,
  },
  must('an object'),
);

export const likesRequestSchema = z.strictObject(
  {
    sessionId,
    likes: z
      .array(likeEventSchema, must(`a list of 1 to ${LIMITS.likes} likes`))
      .check(
        z.minLength(1, 'must have at least one like'),
        z.maxLength(LIMITS.likes, `must not have more than ${LIMITS.likes} likes`),
      ),
    sentAt: z.optional(timestamp).register(z.globalRegistry, {
      description:
        'When the request is sent, by the clock that `occurredAt` is read from: a clock that is wrong by more than a minute is corrected by it.',
    }),
  },
  must('a JSON object'),
);

export const likesResponseSchema = z.object({
  accepted: z.array(z.uuid()),
  duplicates: z.array(z.uuid()),
  rejected: z.array(z.object({ eventId: z.uuid(), reason: z.string() })),
});

export const visitorRequestSchema = z.strictObject(
  {
    emotion: z.optional(emotionSchema),
    locale: z.optional(
      z
        .string(must('a language tag, for example ko-KR'))
        .check(
          z.regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3}$/, 'must be a language tag, for example ko-KR'),
        ),
    ),
  },
  must('a JSON object'),
);

export const visitorResponseSchema = z.object({
  visitorId: z.uuid(),
  token: z.string().register(z.globalRegistry, {
    description: 'Goes into `Authorization: Bearer` of the visitor’s other calls.',
  }),
  expiresAt: z.iso.datetime(),
});

/** Likes, and likes taken back, that were deleted. */
export const forgottenResponseSchema = z.object({ likes: z.int() });

const listLimit = (maximum: number) =>
  z.string(must(`a whole number from 1 to ${maximum}`)).check(
    z.regex(/^[1-9]\d{0,3}$/, { error: `must be a whole number from 1 to ${maximum}`, abort: true }),
    z.refine((value) => Number(value) <= maximum, `must be a whole number from 1 to ${maximum}`),
  );

export const imagesQuerySchema = z.strictObject({
  emotion: z.optional(emotionSchema),
  limit: z.optional(listLimit(LIMITS.images)),
  cursor: z.optional(
    z
      .string()
      .check(
        z.maxLength(
          LIMITS.cursorCharacters,
          'is too long: pass the cursor of the previous answer, unchanged',
        ),
      ),
  ),
});

export const imageSchema = z.object({
  itemId: z.string(),
  url: z.string(),
  srcset: z.optional(z.string()).register(z.globalRegistry, {
    description: 'WebP files in several widths, as the attribute `srcset` of HTML has it; none for an SVG.',
  }),
  width: z.optional(z.int()),
  height: z.optional(z.int()),
  placeholder: z.optional(z.string()).register(z.globalRegistry, {
    description: 'A `data:` address of a few pixels, for the time until the picture is there.',
  }),
  emotion: emotionSchema,
  liked: z.boolean(),
});

export const imagesResponseSchema = z.object({
  images: z.array(imageSchema),
  cursor: z.optional(z.string()),
});

export const minimumSchema = z.object({ users: z.int(), interactions: z.int() });

export const progressResponseSchema = z.object({
  users: z.int(),
  qualifiedUsers: z.int(),
  interactions: z.int(),
  minimum: minimumSchema,
  /** Amazon Personalize counts as many: a training begins by itself. */
  reached: z.boolean(),
  /** Accepted likes that Amazon Personalize has not got yet, and that are not among `interactions`. */
  undelivered: z.optional(z.int()),
});

export const latestQuerySchema = z.strictObject({ limit: z.optional(listLimit(LIMITS.latest)) });

export const latestResponseSchema = z.object({
  images: z.array(z.extend(z.omit(imageSchema, { liked: true }), { likedAt: z.iso.datetime() })),
});

export const peopleRequestSchema = z.strictObject(
  {
    emotion: z.optional(emotionSchema),
    count: z.optional(
      z
        .int(must(`a whole number from 1 to ${LIMITS.people}`))
        .check(
          z.minimum(1, `must be a whole number from 1 to ${LIMITS.people}`),
          z.maximum(LIMITS.people, `must be a whole number from 1 to ${LIMITS.people}`),
        ),
    ),
  },
  must('a JSON object'),
);

export const personSchema = z.object({
  visitorId: z.uuid(),
  token: z.string(),
  expiresAt: z.iso.datetime(),
  label: z.string(),
  emotion: z.optional(emotionSchema),
});

export const peopleResponseSchema = z.object({ visitors: z.array(personSchema) });

/** Where the order of pictures comes from: a trained model, the likes of the last two days, or the pictures' age. */
export const sourceSchema = z.enum(['personalize', 'popular', 'newest']);

export const recommendationsQuerySchema = z.strictObject({
  emotion: z.optional(emotionSchema),
  limit: z.optional(listLimit(LIMITS.images)),
});

export const recommendationsResponseSchema = z.object({
  recommendationId: z.optional(z.string()).register(z.globalRegistry, {
    description: 'Goes into the likes of these pictures; present when the source is personalize.',
  }),
  source: sourceSchema,
  images: z.array(imageSchema),
});

export const similarQuerySchema = z.strictObject({ limit: z.optional(listLimit(LIMITS.images)) });

export const rankingRequestSchema = z.strictObject(
  {
    itemIds: z.array(itemId, must(`a list of 1 to ${LIMITS.ranking} item ids`)).check(
      z.minLength(1, 'must have at least one item id'),
      z.maxLength(LIMITS.ranking, `must not have more than ${LIMITS.ranking} item ids`),
      z.refine((ids) => new Set(ids).size === ids.length, 'must not have an item id twice'),
    ),
  },
  must('a JSON object'),
);

export const runSchema = z.object({
  reason: z.string(),
  startedAt: z.string(),
  endedAt: z.optional(z.string()),
  outcome: z.enum(['running', 'succeeded', 'failed']),
  step: z.string(),
  detail: z.optional(z.string()),
  steps: z.array(z.object({ step: z.string(), detail: z.string(), startedAt: z.string() })),
  result: z.optional(z.unknown()),
});

export const campaignSchema = z.object({
  model: z.enum(['personal', 'similar', 'ranking']),
  /** As Amazon Personalize names it. */
  status: z.string(),
  /** The recipe's name. */
  recipe: z.string(),
  solutionVersion: z.optional(z.string()),
  minProvisionedTps: z.int(),
});

export const servingSchema = z.object({
  kind: z.enum(['campaign', 'recommender']),
  name: z.string(),
  /** As Amazon Personalize names it. */
  status: z.string(),
  /** The recipe's name, such as `aws-sims`; empty where Amazon Personalize chose it. */
  recipe: z.string(),
  minProvisionedTps: z.int(),
  /** ARN of the version that a campaign serves. */
  solutionVersion: z.optional(z.string()),
});

export const groupSchema = z.object({
  name: z.string(),
  /** The gallery's own, or one of configuration files. */
  isGallery: z.boolean(),
  /** `settings`, and keys of configuration files. */
  sources: z.array(z.string()),
  state: z.enum(['settled', 'working', 'waiting', 'failed']),
  step: z.optional(z.string()),
  since: z.string(),
  /** In words, such as `6 more likes`. */
  waiting: z.array(z.string()),
  problems: z.array(
    z.object({
      step: z.string(),
      source: z.string(),
      code: z.string(),
      reason: z.string(),
      advice: z.string(),
    }),
  ),
  /** What is to be done that could not be done yet, and what has to come first. */
  planned: z.array(z.object({ what: z.string(), after: z.array(z.string()) })),
  serving: z.array(servingSchema),
  /** What a schedule asks for next. */
  next: z.optional(z.object({ at: z.string(), what: z.string() })),
  /** When it was looked at last, and when it is looked at again at the latest. */
  observedAt: z.string(),
  lookAt: z.string(),
  /** US dollars an hour that it is billed for at least. */
  pricePerHour: z.number(),
});

export const statusResponseSchema = z.object({
  state: z.enum(['collecting', 'training', 'ready', 'failed']),
  step: z.optional(z.string()),
  since: z.optional(z.string()),
  runs: z.optional(z.array(runSchema)),
  groups: z.optional(z.array(groupSchema)).register(z.globalRegistry, {
    description: 'Every dataset group that is looked after: the gallery’s, and those of configuration files.',
  }),
  campaigns: z.optional(z.array(campaignSchema)).register(z.globalRegistry, {
    description:
      'The gallery’s campaigns as the controller saw them last, each billed by the hour while it is up; missing before it has looked.',
  }),
});

export const trainingRequestSchema = z.strictObject(
  {
    action: z.enum(['start', 'stop'], must('start or stop')),
    /** One of configuration files; left out: the gallery's. */
    datasetGroup: z.optional(
      z.string(must('the name of a dataset group')).check(z.maxLength(63, 'is longer than 63 characters')),
    ),
  },
  must('a JSON object'),
);

export const trainingResponseSchema = z.object({
  /** Names of the executions that were started or stopped; none when nothing ran that could be stopped. */
  executions: z.array(z.string()),
  /** What a training that was asked for waits for: before the minimum it starts by itself, once that is reached. */
  waiting: z.optional(z.array(z.string())),
});

export const refusedResponseSchema = z.object({
  files: z.array(z.object({ key: z.string(), reason: z.string() })),
  /** Of all of them. */
  count: z.int(),
});

export const uploadFileSchema = z.strictObject(
  {
    emotion: emotionSchema,
    name: z
      .string(must('the name of the file'))
      .check(
        z.minLength(1, 'must not be empty'),
        z.maxLength(
          LIMITS.fileNameCharacters,
          `must not be longer than ${LIMITS.fileNameCharacters} characters`,
        ),
      ),
    type: z.enum(FILE_TYPES, must(`one of ${FILE_TYPES.join(', ')}: save the picture as JPEG`)),
    bytes: z
      .int(must('the size of the file in bytes'))
      .check(
        z.minimum(1, 'must not be 0: the file is empty'),
        z.maximum(MOST_BYTES, `must not be more than ${MOST_BYTES}: make the picture smaller`),
      ),
    sha256: z
      .string(must('the SHA-256 of the content in base64'))
      .check(z.regex(/^[A-Za-z0-9+/]{43}=$/, 'must be the SHA-256 of the content in base64')),
  },
  must('an object'),
);

export const uploadsRequestSchema = z.strictObject(
  {
    files: z
      .array(uploadFileSchema, must(`a list of 1 to ${MOST_FILES} files`))
      .check(
        z.minLength(1, 'must have at least one file'),
        z.maxLength(MOST_FILES, `must not have more than ${MOST_FILES} files`),
      ),
  },
  must('a JSON object'),
);

export const uploadStateSchema = z.object({
  state: z.enum(['send', 'listed', 'refused', 'removed', 'duplicate']).register(z.globalRegistry, {
    description:
      'send: not there yet (when it was sent already, it is being looked into); removed: it was taken out before, and can be had back; duplicate: the picture `itemId` has the same content.',
  }),
  itemId: z.string(),
  /** Why it is not in the gallery. */
  reason: z.optional(z.string()),
  image: z.optional(imageSchema),
  request: z
    .optional(z.object({ url: z.string(), headers: z.record(z.string(), z.string()) }))
    .register(z.globalRegistry, {
      description: 'Send the file by PUT to this address of the site, with these headers, within 15 minutes.',
    }),
});

export const uploadsResponseSchema = z.object({ uploads: z.array(uploadStateSchema) });

export const operatorPicturesQuerySchema = z.strictObject({
  emotion: emotionSchema,
  from: z.optional(z.string().check(z.regex(/^\d{1,6}$/, 'must be a whole number'))),
});

export const operatorPicturesResponseSchema = z.object({
  images: z.array(imageSchema),
  /** Of all of the emotion. */
  count: z.int(),
});

export const pictureRequestSchema = z.strictObject(
  { action: z.enum(['remove', 'restore'], must('remove or restore')), itemId },
  must('a JSON object'),
);

export const pictureResponseSchema = z.object({ itemId: z.string() });

export const removedResponseSchema = z.object({
  files: z.array(z.object({ itemId: z.string(), removedAt: z.string() })),
  /** Of all of them. */
  count: z.int(),
});

/** A problem document (RFC 9457); `errors` names each bad field of the request. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.optional(z.string()),
  errors: z.optional(z.array(z.object({ field: z.string(), message: z.string() }))),
});

export type LikeEvent = z.infer<typeof likeEventSchema>;
export type LikesRequest = z.infer<typeof likesRequestSchema>;
export type LikesResponse = z.infer<typeof likesResponseSchema>;
export type VisitorRequest = z.infer<typeof visitorRequestSchema>;
export type VisitorResponse = z.infer<typeof visitorResponseSchema>;
export type ForgottenResponse = z.infer<typeof forgottenResponseSchema>;
export type ImagesQuery = z.infer<typeof imagesQuerySchema>;
export type Image = z.infer<typeof imageSchema>;
export type ImagesResponse = z.infer<typeof imagesResponseSchema>;
export type ProgressResponse = z.infer<typeof progressResponseSchema>;
export type LatestQuery = z.infer<typeof latestQuerySchema>;
export type LatestResponse = z.infer<typeof latestResponseSchema>;
export type PeopleRequest = z.infer<typeof peopleRequestSchema>;
export type Person = z.infer<typeof personSchema>;
export type PeopleResponse = z.infer<typeof peopleResponseSchema>;
export type Source = z.infer<typeof sourceSchema>;
export type RecommendationsQuery = z.infer<typeof recommendationsQuerySchema>;
export type RecommendationsResponse = z.infer<typeof recommendationsResponseSchema>;
export type SimilarQuery = z.infer<typeof similarQuerySchema>;
export type RankingRequest = z.infer<typeof rankingRequestSchema>;
export type RefusedResponse = z.infer<typeof refusedResponseSchema>;
export type UploadFile = z.infer<typeof uploadFileSchema>;
export type UploadState = z.infer<typeof uploadStateSchema>;
export type UploadsResponse = z.infer<typeof uploadsResponseSchema>;
export type OperatorPicturesResponse = z.infer<typeof operatorPicturesResponseSchema>;
export type PictureRequest = z.infer<typeof pictureRequestSchema>;
export type RemovedResponse = z.infer<typeof removedResponseSchema>;
export type Run = z.infer<typeof runSchema>;
export type Group = z.infer<typeof groupSchema>;
export type Campaign = z.infer<typeof campaignSchema>;
export type StatusResponse = z.infer<typeof statusResponseSchema>;
export type TrainingRequest = z.infer<typeof trainingRequestSchema>;
export type TrainingResponse = z.infer<typeof trainingResponseSchema>;
export type Problem = z.infer<typeof problemSchema>;
