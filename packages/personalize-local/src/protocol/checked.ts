// The type of an SDK request after validation.

/** Required members, which the SDK types as possibly undefined, are defined; at every depth. */
export type Checked<T> = T extends Date
  ? T
  : T extends readonly (infer Item)[]
    ? readonly Checked<Item>[]
    : T extends object
      ? { readonly [K in keyof T]: object extends Pick<T, K> ? Checked<T[K]> : Checked<NonNullable<T[K]>> }
      : T;
