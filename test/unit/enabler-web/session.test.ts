// When a session goes on, and when a new one begins.

import { SESSION_REST_MS, touchSession } from '../../../enabler-web/likes/session';
import { createMemoryStore } from '../../../enabler-web/likes/storage';

function setUp() {
  const store = createMemoryStore();
  let made = 0;
  return (visitorId: string, now: number): string =>
    touchSession(store, visitorId, now, () => `session-${made++}`);
}

test('a session goes on while likes come within half an hour of each other', () => {
  const touch = setUp();
  const first = touch('anna', 0);
  expect(touch('anna', SESSION_REST_MS - 1)).toBe(first);
  expect(touch('anna', 2 * SESSION_REST_MS - 2)).toBe(first);
});

test('half an hour of rest ends a session', () => {
  const touch = setUp();
  const first = touch('anna', 0);
  expect(touch('anna', SESSION_REST_MS)).not.toBe(first);
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
