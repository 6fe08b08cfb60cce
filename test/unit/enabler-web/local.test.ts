// Which addresses only the computer itself can open.

import { isLocal } from '../../../enabler-web/ui/local';

test.each(['localhost', '127.0.0.1', '127.8.0.1', '[::1]'])('%s is this computer', (hostname) => {
  expect(isLocal(hostname)).toBe(true);
});

test.each(['d111111abcdef8.cloudfront.net', '192.168.1.20', '127.example.org', 'localhost.example.org'])(
  '%s can be reached by others',
  (hostname) => {
    expect(isLocal(hostname)).toBe(false);
  },
);
