// One kind of setting each: how its value is read from an environment or from `-c name=value`, and what is allowed.

/** A value that context or an environment may hold; `-c` always gives strings. */
export type RawValue = unknown;

export interface SettingKind<T> {
  /** What is allowed, in words, for the error message. */
  readonly allowed: string;
  /** The value, or undefined when it is not allowed. */
  read(raw: RawValue): T | undefined;
}

export function oneOf<T extends string>(...choices: readonly T[]): SettingKind<T> {
  return {
    allowed: `one of ${choices.join(', ')}`,
    read: (raw) => choices.find((choice) => choice === raw),
  };
}

export function integer(minimum: number, maximum: number): SettingKind<number> {
  return {
    allowed: `an integer from ${minimum} to ${maximum}`,
    read: (raw) => {
      const value = typeof raw === 'string' && /^-?\d+$/.test(raw) ? Number(raw) : raw;
      const isAllowed = typeof value === 'number' && Number.isInteger(value);
      return isAllowed && value >= minimum && value <= maximum ? value : undefined;
    },
  };
}

/** A list of some of the choices, separated by commas; `none` is the empty list. */
export function someOf<T extends string>(...choices: readonly T[]): SettingKind<readonly T[]> {
  return {
    allowed: `none, or some of ${choices.join(', ')}, separated by commas`,
    read: (raw) => {
      if (raw === 'none') return [];
      const names: readonly unknown[] =
        typeof raw === 'string' ? raw.split(',') : Array.isArray(raw) ? raw : [];
      const chosen = choices.filter((choice) => names.includes(choice));
      return names.length > 0 && chosen.length === names.length ? chosen : undefined;
    },
  };
}

/** A number within limits, fractions included. */
export function decimal(minimum: number, maximum: number): SettingKind<number> {
  return {
    allowed: `a number from ${minimum} to ${maximum}`,
    read: (raw) => {
      const value = typeof raw === 'string' && /^-?\d+(\.\d+)?$/.test(raw) ? Number(raw) : raw;
      return typeof value === 'number' && value >= minimum && value <= maximum ? value : undefined;
    },
  };
}

export const flag: SettingKind<boolean> = {
  allowed: 'true or false',
  read: (raw) => {
    if (raw === true || raw === 'true') return true;
    return raw === false || raw === 'false' ? false : undefined;
  },
};

export function text(pattern: RegExp, allowed: string): SettingKind<string> {
  return { allowed, read: (raw) => (typeof raw === 'string' && pattern.test(raw) ? raw : undefined) };
}
