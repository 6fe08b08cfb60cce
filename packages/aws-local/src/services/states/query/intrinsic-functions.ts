// The intrinsic functions of JSONPath states: `States.Format('{}', $.name)`.
// https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html
import { createHash, randomUUID } from 'node:crypto';
import { StateFailure } from '../language/failure';

type Argument = { readonly value: unknown } | { readonly path: string } | Call;
export interface Call {
  readonly name: string;
  readonly args: readonly Argument[];
}

/** @throws SyntaxError */
export function parseCall(text: string): Call {
  const reader = new Reader(text);
  const call = reader.call();
  reader.end();
  return call;
}

class Reader {
  private at = 0;

  constructor(private readonly text: string) {}

  call(): Call {
    const name = this.take(/^\s*States\.(\w+)\s*\(\s*/)[1] ?? '';
    if (!Object.hasOwn(FUNCTIONS, name)) throw new SyntaxError(`there is no function States.${name}`);
    const args: Argument[] = [];
    if (!this.peek(/^\)/)) {
      do args.push(this.argument());
      while (this.skip(/^,\s*/));
    }
    this.take(/^\)\s*/);
    return { name, args };
  }

  end(): void {
    if (this.at < this.text.length) throw this.fault();
  }

  private argument(): Argument {
    if (this.peek(/^States\./)) return this.call();
    if (this.peek(/^'/)) {
      const [, quoted = ''] = this.take(/^'((?:[^'\\]|\\.)*)'\s*/s);
      return { value: unquoted(quoted) };
    }
    if (this.peek(/^\$/)) return { path: this.path() };
    return {
      value: JSON.parse(this.take(/^(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)\s*/)[1] ?? ''),
    };
  }

  /** Up to a comma or bracket that is not the path's own. */
  private path(): string {
    const start = this.at;
    const depth: string[] = [];
    for (; this.at < this.text.length; this.at += 1) {
      const character = this.text[this.at] as string;
      if (depth.at(-1) === "'") {
        if (character === '\\') this.at += 1;
        else if (character === "'") depth.pop();
      } else if (character === "'" || character === '[' || character === '(') depth.push(character);
      else if (depth.length > 0 && (character === ']' || character === ')')) depth.pop();
      else if (depth.length === 0 && (character === ',' || character === ')')) break;
    }
    return this.text.slice(start, this.at).trim();
  }

  private peek(pattern: RegExp): boolean {
    return pattern.test(this.text.slice(this.at));
  }

  private skip(pattern: RegExp): boolean {
    const found = pattern.exec(this.text.slice(this.at));
    this.at += found?.[0].length ?? 0;
    return found !== null;
  }

  private take(pattern: RegExp): RegExpExecArray {
    const found = pattern.exec(this.text.slice(this.at));
    if (!found) throw this.fault();
    this.at += found[0].length;
    return found;
  }

  private fault(): SyntaxError {
    return new SyntaxError(`'${this.text}' cannot be read from its character ${this.at + 1} on`);
  }
}

/** A backslash is needed before `'`, `{`, `}` and itself; in front of anything else there must be none. */
function unquoted(quoted: string): string {
  return quoted.replace(/\\([\s\S])/g, (pair, character: string) => {
    if ("'\\".includes(character)) return character;
    // States.Format tells an escaped brace from a place for a value.
    if ('{}'.includes(character)) return pair;
    throw new SyntaxError(`'${quoted}' has a backslash before '${character}'`);
  });
}

/** @param valueAt Reads a path. @throws StateFailure */
export function callIntrinsic(call: Call, valueAt: (path: string) => unknown, text: string): unknown {
  const args = call.args.map((argument) => {
    if ('value' in argument) return argument.value;
    return 'path' in argument ? valueAt(argument.path) : callIntrinsic(argument, valueAt, text);
  });
  try {
    return (FUNCTIONS[call.name] as IntrinsicFunction)(args);
  } catch (error) {
    if (error instanceof StateFailure) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new StateFailure(
      'States.IntrinsicFailure',
      `The function '${text}' had the following error: ${reason}`,
    );
  }
}

type IntrinsicFunction = (args: unknown[]) => unknown;

function list(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw new TypeError(`${JSON.stringify(value)} is not an array`);
  return value as unknown[];
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError(`${JSON.stringify(value)} is not a string`);
  return value;
}

function integer(value: unknown): number {
  if (typeof value !== 'number') throw new TypeError(`${JSON.stringify(value)} is not a number`);
  return Math.round(value);
}

function object(value: unknown): object {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new TypeError(`${JSON.stringify(value)} is not an object`);
  return value;
}

/** How States.Format writes a value: objects and lists as Java does. */
function formatted(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(formatted).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  return `{${Object.entries(value)
    .map(([name, member]) => `${name}=${formatted(member)}`)
    .join(', ')}}`;
}

/** AWS makes no list of more than a thousand items. */
const MOST_ITEMS = 1_000;

const FUNCTIONS: Readonly<Record<string, IntrinsicFunction>> = {
  Format: ([template, ...values]) => {
    const left = [...values];
    const filled = text(template).replace(/\\([{}])|\{\}/g, (_, brace: string | undefined) => {
      if (brace) return brace;
      if (left.length === 0) throw new RangeError('there are more places than values');
      return formatted(left.shift());
    });
    if (left.length > 0) throw new RangeError('there are more values than places');
    return filled;
  },
  StringToJson: ([value]) => (text(value).trim() === '' ? null : (JSON.parse(text(value)) as unknown)),
  JsonToString: ([value]) => JSON.stringify(value),
  Array: (values) => values,
  ArrayLength: ([value]) => list(value).length,
  ArrayContains: ([value, wanted]) =>
    list(value).some((one) => JSON.stringify(one) === JSON.stringify(wanted)),
  ArrayGetItem: ([value, index]) => {
    const items = list(value);
    const at = integer(index);
    if (at < 0 || at >= items.length) throw new RangeError(`there is no item ${at} in ${items.length}`);
    return items[at];
  },
  ArrayUnique: ([value]) => [...new Map(list(value).map((one) => [JSON.stringify(one), one])).values()],
  ArrayRange: ([first, last, step]) => {
    const by = integer(step);
    if (by === 0) throw new RangeError('the step is 0');
    const count = Math.floor((integer(last) - integer(first)) / by) + 1;
    if (count > MOST_ITEMS) throw new RangeError(`the range has ${count} items, more than ${MOST_ITEMS}`);
    return Array.from({ length: Math.max(0, count) }, (_, index) => integer(first) + index * by);
  },
  ArrayPartition: ([value, size]) => {
    const by = integer(size);
    if (by <= 0) throw new RangeError(`${by} is not a size`);
    const items = list(value);
    return Array.from({ length: Math.ceil(items.length / by) }, (_, index) =>
      items.slice(index * by, (index + 1) * by),
    );
  },
  MathAdd: ([left, right]) => integer(left) + integer(right),
  MathRandom: ([low, high]) => Math.floor(integer(low) + Math.random() * (integer(high) - integer(low))),
  StringSplit: ([value, separators]) =>
    text(value)
      .split(new RegExp(`[${text(separators).replace(/[\]\\^-]/g, '\\$&')}]`))
      .filter((part) => part !== ''),
  Base64Encode: ([value]) => Buffer.from(text(value)).toString('base64'),
  Base64Decode: ([value]) => Buffer.from(text(value), 'base64').toString('utf8'),
  Hash: ([value, algorithm]) =>
    createHash(text(algorithm).replace('-', '').toLowerCase())
      .update(typeof value === 'string' ? value : JSON.stringify(value))
      .digest('hex'),
  JsonMerge: ([left, right, isDeep]) => {
    if (isDeep !== false)
      throw new TypeError('the third argument must be false: merging deeply is not offered');
    return { ...object(left), ...object(right) };
  },
  UUID: () => randomUUID(),
};
