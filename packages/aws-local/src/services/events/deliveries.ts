// What rules have triggered, kept until each target has it or is given up.
import { AwsError, type ServiceContext } from '../../service';
import { DurableQueue, type Job, type Verdict } from '../shared/durable-queue';
import { servicePrincipal } from '../shared/principals';
import type { Target } from './model';

/** One event for one target. */
export interface Delivery {
  readonly ruleArn: string;
  readonly target: Target;
  readonly input: string;
}

const LONGEST_RETRY_S = 86_400;
const MOST_RETRIES = 185;
const CONCURRENCY = 16;

/** The deliveries under way; `start` takes up those that an earlier process left. */
export function createDeliveries(context: ServiceContext): DurableQueue<Delivery> {
  return new DurableQueue<Delivery>({
    jobs: context.store.map('events/deliveries'),
    clock: context.clock,
    concurrency: CONCURRENCY,
    run: deliver,
    log: context.log,
    onFailure,
  });

  async function deliver({ payload: { target, input, ruleArn: source } }: Job<Delivery>): Promise<void> {
    const principal = target.RoleArn
      ? context.assumeRole(target.RoleArn, 'events', 'events.amazonaws.com', source)
      : servicePrincipal('events.amazonaws.com', source, context.accountId);
    await context.deliver({
      arn: target.Arn,
      body: input,
      principal,
      messageGroupId: target.SqsParameters?.MessageGroupId,
    });
  }

  async function onFailure(job: Job<Delivery>, error: unknown): Promise<Verdict> {
    const { target, ruleArn: source, input } = job.payload;
    context.log(`events: ${source} could not reach ${target.Arn}: ${String(error)}`);
    const age = (context.clock.now() - job.acceptedAt) / 1000;
    const isLast =
      job.attempts > (target.RetryPolicy.MaximumRetryAttempts ?? MOST_RETRIES) ||
      age > (target.RetryPolicy.MaximumEventAgeInSeconds ?? LONGEST_RETRY_S);
    // Without permission or target another attempt changes nothing, so AWS makes none.
    const isHopeless = error instanceof AwsError && error.status < 500 && error.status !== 429;
    if (!isLast && !isHopeless) return { retryAfterMs: Math.min(1000 * 2 ** job.attempts, 60_000) };
    const deadLetters = target.DeadLetterConfig?.Arn;
    if (deadLetters) {
      try {
        const principal = servicePrincipal('events.amazonaws.com', source, context.accountId);
        await context.deliver({ arn: deadLetters, body: input, principal });
      } catch (failure) {
        context.log(
          `events: ${source} could not reach its dead-letter queue ${deadLetters}: ${String(failure)}`,
        );
      }
    }
    return 'give-up';
  }
}
