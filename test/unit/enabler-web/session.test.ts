// When a session goes on, and when a new one begins.

import { touchSession } from '../../../enabler-web/likes/session';
import { createMemoryStore } from '../../../enabler-web/likes/storage';

/** Half an hour, as the page promises it; not read from the code. */
const REST_MS = 1_800_000;

function setUp() {
  const store = createMemoryStore();
  let made = 0;
  return (visitorId: string, now: number): string =>
    touchSession(store, visitorId, now, () => `session-${made++}`);
}

test('a session goes on while likes come within half an hour of each other', () => {
  const touch = setUp();
  const first = touch('anna', 0);
  expect(touch('anna', REST_MS - 1)).toBe(first);
  expect(touch('anna', 2 * REST_MS - 2)).toBe(first);
});

test('half an hour of rest ends a session', () => {
  const touch = setUp();
  const first = touch('anna', 0);
  expect(touch('anna', REST_MS)).not.toBe(first);
});

test('another person has another session', () => {
  const touch = setUp();
  const first = touch('anna', 0);
  expect(touch('ben', 1)).not.toBe(first);
});

test('damaged storage begins a new session', () => {
  const store = createMemoryStore();
  store.setItem('emotion-gallery.session', '{');
  expect(touchSession(store, 'anna', 0, () => 'new')).toBe('new');
});
