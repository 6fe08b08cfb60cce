// Every call of the HTTP API: its method, path, who may make it, and its schemas. The OpenAPI document and the answers
// to unknown paths and methods come from this list.
import type * as z from 'zod/mini';
import * as schemas from './schemas';

export interface Operation {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  /** Whose token the call needs. */
  readonly caller: 'anyone' | 'visitor' | 'operator';
  readonly body?: z.core.$ZodType;
  readonly query?: z.ZodMiniObject;
  readonly status: 200 | 201 | 202;
  readonly response?: z.core.$ZodType;
  /** Refusals beyond those that every call of its kind has. */
  readonly refusals?: readonly number[];
}

export const OPERATIONS: readonly Operation[] = [
  {
    method: 'POST',
    path: '/api/visitors',
    operationId: 'createVisitor',
    summary: 'Makes a visitor, who from now on acts with the token of the answer.',
    caller: 'anyone',
    body: schemas.visitorRequestSchema,
    status: 201,
    response: schemas.visitorResponseSchema,
  },
  {
    method: 'DELETE',
    path: '/api/visitors/me',
    operationId: 'forgetVisitor',
    summary:
      'Deletes all that is known of the visitor of the token, at once here and within a day in Amazon Personalize.',
    caller: 'visitor',
    status: 202,
    response: schemas.forgottenResponseSchema,
  },
  {
    method: 'GET',
    path: '/api/images',
    operationId: 'listImages',
    summary: 'Pictures of one emotion or of all, in an order of the visitor’s own, page by page.',
    caller: 'visitor',
    query: schemas.imagesQuerySchema,
    status: 200,
    response: schemas.imagesResponseSchema,
  },
  {
    method: 'POST',
    path: '/api/likes',
    operationId: 'sendLikes',
    summary: 'Likes pictures or takes likes back. Each event id counts once, however often it is sent.',
    caller: 'visitor',
    body: schemas.likesRequestSchema,
    status: 202,
    response: schemas.likesResponseSchema,
    refusals: [422],
  },
  {
    method: 'GET',
    path: '/api/progress',
    operationId: 'getProgress',
    summary: 'How far the likes are from the minimum that a training needs.',
    caller: 'anyone',
    status: 200,
    response: schemas.progressResponseSchema,
  },
  {
    method: 'GET',
    path: '/api/latest',
    operationId: 'listLatest',
    summary: 'The pictures liked last, newest first; not by whom.',
    caller: 'anyone',
    query: schemas.latestQuerySchema,
    status: 200,
    response: schemas.latestResponseSchema,
  },
  {
    method: 'POST',
    path: '/api/operator/people',
    operationId: 'createPeople',
    summary: 'Makes up to 25 visitors for an operator to act as, on one laptop or as a simulated crowd.',
    caller: 'operator',
    body: schemas.peopleRequestSchema,
    status: 201,
    response: schemas.peopleResponseSchema,
  },
  {
    method: 'GET',
    path: '/api/operator/refused',
    operationId: 'listRefused',
    summary: 'Files under emotions/ that are not in the gallery, a hundred at most, and why.',
    caller: 'operator',
    status: 200,
    response: schemas.refusedResponseSchema,
  },
  {
    method: 'GET',
    path: '/api/operator/pictures',
    operationId: 'listOperatorPictures',
    summary: 'The pictures of one emotion, the newest first, sixty at a time.',
    caller: 'operator',
    query: schemas.operatorPicturesQuerySchema,
    status: 200,
    response: schemas.operatorPicturesResponseSchema,
  },
  {
    method: 'POST',
    path: '/api/operator/pictures',
    operationId: 'movePicture',
    summary: 'Takes a picture out of the gallery, or puts back one that was taken out within the last month.',
    caller: 'operator',
    body: schemas.pictureRequestSchema,
    status: 202,
    response: schemas.pictureResponseSchema,
    refusals: [404, 409],
  },
  {
    method: 'GET',
    path: '/api/operator/removed',
    operationId: 'listRemoved',
    summary: 'Pictures that were taken out and can be put back, the last hundred.',
    caller: 'operator',
    status: 200,
    response: schemas.removedResponseSchema,
  },
  {
    method: 'POST',
    path: '/api/operator/uploads',
    operationId: 'planUploads',
    summary:
      'Where up to 20 files are to be sent, or what became of them: ask before sending, and again until each is listed or refused.',
    caller: 'operator',
    body: schemas.uploadsRequestSchema,
    status: 200,
    response: schemas.uploadsResponseSchema,
  },
  {
    method: 'GET',
    path: '/api/recommendations',
    operationId: 'listRecommendations',
    summary:
      'Pictures for this visitor that they do not like yet; popular or newest ones while no model serves.',
    caller: 'visitor',
    query: schemas.recommendationsQuerySchema,
    status: 200,
    response: schemas.recommendationsResponseSchema,
  },
  {
    method: 'GET',
    path: '/api/similar/{itemId}',
    operationId: 'listSimilar',
    summary: 'Pictures that the people liked who liked this one. The item id may keep its slashes.',
    caller: 'visitor',
    query: schemas.similarQuerySchema,
    status: 200,
    response: schemas.recommendationsResponseSchema,
    refusals: [404],
  },
  {
    method: 'POST',
    path: '/api/ranking',
    operationId: 'rankImages',
    summary: 'The given pictures in the order that suits this visitor best.',
    caller: 'visitor',
    body: schemas.rankingRequestSchema,
    status: 200,
    response: schemas.recommendationsResponseSchema,
    refusals: [422],
  },
  {
    method: 'GET',
    path: '/api/status',
    operationId: 'getStatus',
    summary:
      'What the training pipeline is doing; an operator token brings the runs with their steps and results.',
    caller: 'anyone',
    status: 200,
    response: schemas.statusResponseSchema,
    refusals: [401],
  },
  {
    method: 'POST',
    path: '/api/operator/training',
    operationId: 'controlTraining',
    summary: 'Starts a run of the training pipeline, or stops the one under way.',
    caller: 'operator',
    body: schemas.trainingRequestSchema,
    status: 202,
    response: schemas.trainingResponseSchema,
  },
  {
    method: 'GET',
    path: '/api/openapi.json',
    operationId: 'getOpenApi',
    summary: 'This document.',
    caller: 'anyone',
    status: 200,
  },
];
