// How many people with two likes or more a training needs.

/** Of all users, this share needs two interactions or more (developer guide, "Preparing training data"). */
const QUALIFIED_SHARE = 0.01;

/** @param users all who like anything */
export const usersNeeded = (users: number, minimum: number): number =>
  Math.max(minimum, Math.ceil(users * QUALIFIED_SHARE));
