// What SQS tells CloudWatch of its queues each minute (developer guide, "Available CloudWatch metrics for Amazon SQS"): how many messages
// there are, and how old the oldest is. Queues that were not used for six hours are left out, as on AWS.
import type { Cancel } from '@emotion-gallery/local-kit/clock';
import type { CloudWatchService } from '../../ports';
import type { ServiceContext } from '../../service';
import type { Queue } from './queue';

const MINUTE_MS = 60_000;
/** In the minute that the values are of, before it is over and alarms look at it. */
const LOOK_AT_MS = MINUTE_MS - 1000;
const ACTIVE_FOR_MS = 6 * 60 * MINUTE_MS;

/** @returns what ends it */
export function publishMetrics(context: ServiceContext, queues: () => Iterable<Queue>): Cancel {
  let cancel: Cancel = schedule();
  function schedule(): Cancel {
    const left = LOOK_AT_MS - (context.clock.now() % MINUTE_MS);
    return context.clock.after(left > 0 ? left : left + MINUTE_MS, () => {
      cancel = schedule();
      try {
        for (const queue of queues()) publish(context, queue);
      } catch (error) {
        // Queues go on without them.
        context.log(`sqs: metrics could not be told: ${String(error)}`);
      }
    });
  }
  return () => cancel();
}

function publish(context: ServiceContext, queue: Queue): void {
  const now = context.clock.now();
  const { visible, inFlight, delayed } = queue.counts();
  const isUsed = visible + inFlight + delayed > 0 || now - queue.usedAt < ACTIVE_FOR_MS;
  if (!isUsed) return;
  const monitoring = context.service<CloudWatchService>('monitoring');
  const tell = (name: string, value: number, unit: string) =>
    monitoring.record('AWS/SQS', name, value, unit, { QueueName: queue.record.name });
  tell('ApproximateNumberOfMessagesVisible', visible, 'Count');
  tell('ApproximateNumberOfMessagesNotVisible', inFlight, 'Count');
  tell('ApproximateNumberOfMessagesDelayed', delayed, 'Count');
  tell('ApproximateAgeOfOldestMessage', queue.oldestAgeMs() / 1000, 'Seconds');
}
