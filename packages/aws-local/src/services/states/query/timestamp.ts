// Timestamps as Step Functions takes them: ISO 8601 extended offset date-times, with a `T` and a `Z` or offset.
const TIMESTAMP = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

export function isTimestamp(value: unknown): value is string {
  const parts = typeof value === 'string' ? TIMESTAMP.exec(value) : null;
  if (!parts) return false;
  const [, year, month, day, hour, minute, second] = parts.map(Number);
  const date = new Date(Date.UTC(year as number, (month as number) - 1, day, hour, minute, second));
  // 30 February and 25 o'clock become something else.
  return date.toISOString().startsWith(String(value).slice(0, 19));
}
