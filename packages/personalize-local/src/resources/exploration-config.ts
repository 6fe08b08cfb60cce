// itemExplorationConfig of campaigns, recommenders and batch jobs: numbers, given as strings.
import { invalidInput } from '../protocol/errors';

/** `member` is where the config was given. @throws PersonalizeError InvalidInputException */
export function checkExploration(
  member: string,
  config: Readonly<Record<string, string | undefined>> = {},
): void {
  const { explorationWeight, explorationItemAgeCutOff } = config;
  const check = (name: string, text: string | undefined, min: number, max: number) => {
    if (text === undefined) return;
    const value = Number(text);
    if (text.trim() !== '' && value >= min && value <= max) return;
    const range = max === Number.MAX_VALUE ? `${min} or more` : `from ${min} to ${max}`;
    throw invalidInput(`${member}.itemExplorationConfig.${name} must be ${range}, got '${text}'.`);
  };
  check('explorationWeight', explorationWeight, 0, 1);
  check('explorationItemAgeCutOff', explorationItemAgeCutOff, 1, Number.MAX_VALUE);
}
