// Points in time and durations, in the reader's language and time zone.

/** "3 May, 11:20" */
export function pointInTime(iso: string, language: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  return date.toLocaleString(language, {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  });
}

/** "3 May" */
function day(iso: string, language: string): string {
  return new Date(iso).toLocaleDateString(language, { day: 'numeric', month: 'short' });
}

/** One short label each: the day, and for later points of the same day the time. In order of time. */
export function axisLabels(starts: readonly string[], language: string): string[] {
  const days = starts.map((start) => day(start, language));
  return starts.map((start, index) =>
    days[index] === days[index - 1]
      ? new Date(start).toLocaleTimeString(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
      : (days[index] ?? ''),
  );
}

/** "56 min 3 s", of milliseconds; hours from the first one on, then without seconds. */
export function duration(milliseconds: number, language: string): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  const unit = (value: number, name: 'hour' | 'minute' | 'second'): string =>
    new Intl.NumberFormat(language, { style: 'unit', unit: name, unitDisplay: 'narrow' }).format(value);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  if (hours > 0) return `${unit(hours, 'hour')} ${unit(minutes, 'minute')}`;
  if (minutes > 0) return `${unit(minutes, 'minute')} ${unit(seconds % 60, 'second')}`;
  return unit(seconds, 'second');
}
