/** `aws-sims` of `arn:aws:personalize:::recipe/aws-sims`; empty without an ARN. */
export const recipeName = (arn: string | undefined): string =>
  arn?.slice(arn.indexOf('recipe/') + 'recipe/'.length) ?? '';
