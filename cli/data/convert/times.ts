// Times as people write them, in the seconds since 1970 that Amazon Personalize wants.
import { MAX_TIMESTAMP_SECONDS } from '@emotion-gallery/personalize-rules/limits';

/** Seconds, milliseconds, or what `Date` reads (ISO 8601); undefined when it is none of them. */
export function secondsOf(value: unknown): number | undefined {
  if (value === null || value === undefined || value === '') return undefined;
  const number = Number(value);
  if (Number.isFinite(number)) {
    return Math.floor(Math.abs(number) > MAX_TIMESTAMP_SECONDS ? number / 1000 : number);
  }
  const parsed = Date.parse(String(value));
  return Number.isNaN(parsed) ? undefined : Math.floor(parsed / 1000);
}
