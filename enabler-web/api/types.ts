// The HTTP contract as the pages see it: only types, so that no validation code reaches the browser.

import type {
  ForgottenResponse,
  Image,
  ImagesResponse,
  LatestResponse,
  LikesRequest,
  LikesResponse,
  OperatorPicturesResponse,
  ProgressResponse,
  RecommendationsResponse,
  RefusedResponse,
  RemovedResponse,
  StatusResponse,
  TrainingResponse,
  UploadsResponse,
  VisitorResponse,
} from '../../lambda/shared/contract/schemas';

export type { Judged, Verdict } from '../../lambda/shared/contract/judged';
export type {
  Campaign,
  Group,
  LikeEvent,
  Problem,
  Run,
  Source,
  TrainingRequest,
  UploadFile,
  UploadState,
} from '../../lambda/shared/contract/schemas';

/** A visitor and the token to act as them: `POST /api/visitors`, and each one of `POST /api/operator/people`. */
export type Visitor = VisitorResponse;

/** `DELETE /api/visitors/me`. */
export type Forgotten = ForgottenResponse;

/** One picture; `liked` is about the asking visitor. */
export type GalleryImage = Image;

/** `GET /api/images`. */
export type ImagePage = ImagesResponse;

/** `POST /api/likes`: 1 to 10 likes of one session. */
export type LikeBatch = LikesRequest;

/** The answer to a batch: every event id is in exactly one of its lists. */
export type LikeReceipt = LikesResponse;

/** `GET /api/progress`. */
export type Progress = ProgressResponse;

/** `GET /api/latest`. */
export type Latest = LatestResponse;

/** One of the pictures liked last, for the board. */
export type LatestLike = LatestResponse['images'][number];

/** `GET /api/recommendations`, `GET /api/similar/{itemId}`, `POST /api/ranking`. */
export type Recommendations = RecommendationsResponse;

/** `GET /api/operator/refused`. */
export type RefusedFiles = RefusedResponse;

/** `GET /api/operator/pictures`. */
export type OperatorPictures = OperatorPicturesResponse;

/** `GET /api/operator/removed`. */
export type RemovedFiles = RemovedResponse;

/** `POST /api/operator/uploads`. */
export type Uploads = UploadsResponse;

/** `GET /api/status`. */
export type Status = StatusResponse;

/** `POST /api/operator/training`. */
export type TrainingReceipt = TrainingResponse;
