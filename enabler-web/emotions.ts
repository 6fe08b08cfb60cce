// The eight emotions, as the API's contract lists them. This module of the contract brings no validation code along.

export { EMOTIONS, type Emotion, isEmotion } from '../lambda/shared/contract/emotions';
