// What is wrong with a request or a configuration, and where: judged in one go, so that all faults are told together.

/** Names of members and indexes of lists, from the outside in. */
export type Path = readonly (string | number)[];

export interface Problem {
  readonly path: Path;
  /** A sentence for people. */
  readonly message: string;
}
