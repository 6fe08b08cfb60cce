/** What is wrong in a configuration file. */
export interface Problem {
  /** Where in the file, as keys and indexes. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

export type Path = Problem['path'];
