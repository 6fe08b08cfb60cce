// trace: what became of one event.
import { randomUUID } from 'node:crypto';
import { PREFIX, type TrainingHarness } from '../training/harness';
import { person, pictures } from '../training/people';
import type { Caller } from './caller';

interface Stage {
  readonly gallery: TrainingHarness;
  readonly caller: Caller;
}

export function tracing(stage: () => Stage): void {
  const LONG_AGO = '2026-01-02T00:00:00.000Z';

  /** As the like function stores it. */
  async function accept(acceptedAt: string): Promise<string> {
    const { gallery } = stage();
    const eventId = randomUUID();
    const like = {
      ...{ visitorId: person(1), eventId, itemId: pictures[3], liked: true, sessionId: 's' },
      ...{ occurredAt: acceptedAt, acceptedAt },
    };
    await gallery.putRows(String(gallery.outputs.LikesTableName), [like]);
    return eventId;
  }

  test('an event that nobody accepted is told', async () => {
    const id = randomUUID();
    expect(await stage().caller.call('trace', id)).toMatchObject({
      exitCode: 1,
      told: expect.stringContaining(`the gallery has no event ${id}`),
    });
  });

  test('an event from before the training is in a version, and the campaigns serve it', async () => {
    const { out } = await stage().caller.call('trace', await accept(LONG_AGO));
    expect(out).toMatch(/^received {3}2026-01-02T00:00:00\.000Z: like of emotions\//);
    expect(out).toContain('delivered  Amazon Personalize has it');
    expect(out).toContain('counted    towards the minimum');
    expect(out).toMatch(new RegExp(`^trained    ${PREFIX}-personal: in [0-9a-f]+, begun `, 'm'));
    expect(out).toMatch(new RegExp(`^served     by ${PREFIX}-personal, with `, 'm'));
  });

  test('an event from after it is in no version yet, and counts at once where the recipe is real time', async () => {
    const id = await accept(new Date(Date.now() + 3_600_000).toISOString());
    const { out } = await stage().caller.call('trace', id, '--visitor', person(1));
    expect(out).toMatch(new RegExp(`^trained    ${PREFIX}-personal: in no version yet`, 'm'));
    expect(out).toMatch(
      new RegExp(`^served     not by ${PREFIX}-personal, .*; for this person it counts at once`, 'm'),
    );
    expect(out).toMatch(
      new RegExp(`^served     not by ${PREFIX}-similar, which has [0-9a-f]+ from before$`, 'm'),
    );
  });

  test('an event that waits for its delivery counts nowhere yet', async () => {
    const { gallery, caller } = stage();
    const eventId = await accept(LONG_AGO);
    const entry = `${LONG_AGO}#${eventId}`;
    const events = JSON.stringify([
      { eventId, eventType: 'like', itemId: pictures[3], occurredAt: LONG_AGO },
    ]);
    await gallery.putRows(String(gallery.outputs.UndeliveredTableName), [
      { partition: '07', entry, visitorId: person(1), sessionId: 's', attempts: 0, events },
    ]);
    const { out } = await caller.call('trace', eventId);
    expect(out).toContain(`delivered  not yet: it is tried again until it is (${entry})`);
    expect(out).toContain('counted    not before it is delivered');
    expect(out).not.toContain('trained');
  });

  test('an event that came a moment ago is said to be on its way, and not to have failed', async () => {
    const { gallery, caller } = stage();
    const acceptedAt = new Date().toISOString();
    const eventId = await accept(acceptedAt);
    const events = JSON.stringify([
      { eventId, eventType: 'like', itemId: pictures[3], occurredAt: acceptedAt },
    ]);
    await gallery.putRows(String(gallery.outputs.UndeliveredTableName), [
      {
        partition: '08',
        entry: `${acceptedAt}#1`,
        visitorId: person(1),
        sessionId: 's',
        attempts: 0,
        events,
      },
    ]);
    const { out } = await caller.call('trace', eventId);
    expect(out).toContain(
      'delivered  as it came, unless that failed: confirmed, or sent again, within two minutes',
    );
  });
}
