// The files of the systems that this one replaces, read as our own: the parameter files of AWS's sample pipeline
// ("personalize-step-functions", with one solution or several) and those of "Maintaining Personalized Experiences with Machine
// Learning". Both say the same things in other places. What no Amazon Personalize would take of them is put right, and told.
import type { Path, Problem } from '@emotion-gallery/personalize-rules/recipes';
import { datasetTypes, sectionOf } from './configuration';

type Json = Readonly<Record<string, unknown>>;

export interface Converted {
  /** As our format says it. */
  readonly json: unknown;
  /** What was put right, with its place in the file. */
  readonly notes: readonly Problem[];
  /** Where in the file that is which stands at `path` in `json`. */
  placeOf(path: Path): Path;
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Several of a kind: a list, a map by any names, or one alone. */
function several(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value;
  if (!isObject(value)) return undefined;
  return 'name' in value || 'serviceConfig' in value ? [value] : Object.values(value);
}

/** Converts what is of a predecessor; everything else stays as it is, right or wrong. */
export function fromPredecessors(file: unknown): Converted {
  const conversion = new Conversion(file);
  return {
    json: isObject(file) ? conversion.configuration(file) : file,
    notes: conversion.notes,
    placeOf: (path) => conversion.placeOf(path),
  };
}

class Conversion {
  readonly notes: Problem[] = [];
  /** Where each object of the file, or what was made of it, stands in the file. */
  private readonly places = new Map<unknown, Path>();
  private result: unknown;
  /** Only in files that are not in our own format are faults put right: in ours they are the author's to see. */
  private isForeign = false;

  constructor(file: unknown) {
    this.remember(file, []);
  }

  private remember(value: unknown, path: Path): void {
    if (typeof value !== 'object' || value === null) return;
    this.places.set(value, path);
    for (const [key, member] of Object.entries(value)) {
      this.remember(member, [...path, Array.isArray(value) ? Number(key) : key]);
    }
  }

  placeOf(path: Path): Path {
    let at = this.result;
    let found: Path = [];
    for (const [depth, key] of path.entries()) {
      at = typeof at === 'object' && at !== null ? (at as Record<string | number, unknown>)[key] : undefined;
      found = this.places.get(at) ?? [...found, ...path.slice(depth, depth + 1)];
    }
    return found;
  }

  /** `made` stands where `original` stood. */
  private from<T>(original: unknown, made: T): T {
    const place = this.places.get(original);
    if (place) this.places.set(made, place);
    return made;
  }

  private note(original: unknown, member: Path, message: string): void {
    this.notes.push({ path: [...(this.places.get(original) ?? []), ...member], message });
  }

  configuration(file: Json): Json {
    const { solution, campaign, filter, recommender, ...rest } = file;
    this.isForeign = [solution, campaign, filter, recommender, rest.campaigns].some(
      (section) => section !== undefined,
    );
    const { campaigns = campaign, recommenders = recommender, ...sections } = rest;
    const set = (name: string, value: unknown) => (value === undefined ? {} : { [name]: value });
    const group = this.wrapped(sections.datasetGroup);
    const datasets = this.datasets(sections.datasets);
    const solutions = this.solutions(sections.solutions ?? solution, campaigns);
    const filters = this.each(sections.filters ?? filter, (one) => this.filter(one));
    const tracker = this.wrapped(sections.eventTracker);
    const left = this.recommenders(recommenders, group);
    this.result = this.from(file, {
      ...sections,
      ...set('datasetGroup', group),
      ...set('datasets', datasets),
      ...set('eventTracker', tracker),
      ...set('filters', filters),
      ...set('recommenders', left),
      ...set('solutions', solutions.list),
      ...set('campaigns', solutions.left),
    });
    return this.result as Json;
  }

  /** `{ "name": … }` is `{ "serviceConfig": { "name": … } }`. */
  private wrapped(section: unknown): unknown {
    if (!isObject(section) || 'serviceConfig' in section || !('name' in section)) return section;
    this.isForeign = true;
    return this.from(section, { serviceConfig: section });
  }

  private each(sections: unknown, change: (section: unknown) => unknown): unknown {
    const list = several(sections);
    if (!list) return sections;
    return this.from(
      sections,
      list.map((section) => change(this.wrapped(section))),
    );
  }

  private datasets(datasets: unknown): unknown {
    if (!isObject(datasets)) return datasets;
    const { serviceConfig, ...sections } = datasets;
    // That of all import jobs.
    const { importMode, tags } = isObject(serviceConfig) ? serviceConfig : {};
    this.isForeign ||= serviceConfig !== undefined;
    const entries = Object.entries(sections).map(([key, section]) => {
      const type = datasetTypes.find((known) => known.toLowerCase() === key.toLowerCase());
      const dataset = this.dataset(section);
      if (!type || !isObject(dataset) || serviceConfig === undefined) {
        return [type ? sectionOf(type) : key, dataset];
      }
      const workflowConfig = isObject(dataset.workflowConfig) ? dataset.workflowConfig : {};
      const common = { ...(importMode !== undefined && { importMode }), ...(tags !== undefined && { tags }) };
      return [
        sectionOf(type),
        this.from(section, {
          ...dataset,
          workflowConfig: this.from(serviceConfig, { ...common, ...workflowConfig }),
        }),
      ];
    });
    return this.from(datasets, Object.fromEntries(entries));
  }

  private dataset(section: unknown): unknown {
    if (!isObject(section)) return section;
    if ('dataset' in section) {
      this.isForeign = true;
      const { dataset, schema, ...rest } = section;
      const own = isObject(dataset) ? dataset : {};
      return this.from(section, { ...own, ...rest, schema: this.schemaSection(schema) });
    }
    if ('name' in section) {
      this.isForeign = true;
      const { schema, ...serviceConfig } = section;
      const name = `${section.name}-schema`;
      return this.from(section, {
        serviceConfig: this.from(section, serviceConfig),
        schema: { serviceConfig: { name, schema: this.document(schema) } },
      });
    }
    return 'schema' in section
      ? this.from(section, { ...section, schema: this.schemaSection(section.schema) })
      : section;
  }

  private schemaSection(section: unknown): unknown {
    if (!isObject(section) || !isObject(section.serviceConfig)) return section;
    const { serviceConfig } = section;
    return this.from(section, {
      ...section,
      serviceConfig: this.from(serviceConfig, {
        ...serviceConfig,
        schema: this.document(serviceConfig.schema),
      }),
    });
  }

  /** The version, of which there is one, is often left out; the time of an interaction cannot be. */
  private document(schema: unknown): unknown {
    if (!isObject(schema)) return schema;
    const { fields } = schema;
    const isOfInteractions = String(schema.name).toLowerCase() === 'interactions';
    const lacksTime =
      this.isForeign &&
      isOfInteractions &&
      Array.isArray(fields) &&
      !fields.some((field) => isObject(field) && field.name === 'TIMESTAMP');
    if (lacksTime) {
      this.note(
        schema,
        ['fields'],
        'TIMESTAMP is missing, without which interactions cannot be imported: added',
      );
    }
    return this.from(schema, {
      ...schema,
      ...(lacksTime && { fields: this.from(fields, [...fields, { name: 'TIMESTAMP', type: 'long' }]) }),
      version: schema.version ?? '1.0',
    });
  }

  private filter(section: unknown): unknown {
    if (!this.isForeign || !isObject(section) || !isObject(section.serviceConfig)) return section;
    const { serviceConfig } = section;
    const { filterExpression } = serviceConfig;
    if (typeof filterExpression !== 'string' || !/'[^'"]*'/.test(filterExpression)) return section;
    this.note(serviceConfig, ['filterExpression'], 'texts are written in double quotes: put right');
    return this.from(section, {
      ...section,
      serviceConfig: this.from(serviceConfig, {
        ...serviceConfig,
        filterExpression: filterExpression.replaceAll(/'([^'"]*)'/g, '"$1"'),
      }),
    });
  }

  private recommenders(sections: unknown, group: unknown): unknown {
    const list = this.each(sections, (section) => section);
    const config = isObject(group) ? group.serviceConfig : undefined;
    const hasDomain = isObject(config) && config.domain !== undefined;
    if (!this.isForeign || hasDomain || !Array.isArray(list) || list.length === 0) return list;
    this.note(list, [], 'recommenders need a dataset group with a domain, and this one has none: left out');
    return undefined;
  }

  private solutions(sections: unknown, campaigns: unknown): { list: unknown; left: unknown } {
    const list = several(sections);
    if (!list) return { list: sections, left: campaigns };
    const keys = isObject(sections) ? Object.keys(sections) : [];
    const open = new Map(
      isObject(campaigns) && !('name' in campaigns)
        ? Object.entries(campaigns)
        : (several(campaigns) ?? []).map((campaign, index) => [String(index), campaign] as const),
    );
    const solutions = list.map((section, index) => {
      const own = [...open].filter(
        ([key]) =>
          list.length === 1 ||
          key === String(index) ||
          key === keys[index] ||
          key === `${keys[index]}Campaign`,
      );
      for (const [key] of own) open.delete(key);
      return this.solution(
        section,
        list.length === 1
          ? this.from(
              campaigns,
              own.map(([, campaign]) => campaign),
            )
          : own.map(([, campaign]) => campaign),
      );
    });
    if (isObject(sections)) this.isForeign = true;
    return { list: this.from(sections, solutions), left: open.size > 0 ? campaigns : undefined };
  }

  private solution(given: unknown, campaigns: readonly unknown[]): unknown {
    const section = this.wrapped(given);
    if (!isObject(section) || !isObject(section.serviceConfig)) return section;
    const { solutionVersion, ...serviceConfig } = section.serviceConfig;
    return this.from(given, {
      ...section,
      serviceConfig: this.from(section.serviceConfig, {
        ...serviceConfig,
        ...this.recipeOf(section, serviceConfig),
      }),
      ...this.trainingOf(section, solutionVersion),
      ...(campaigns.length > 0 && {
        campaigns: this.from(
          campaigns,
          campaigns.map((campaign) => this.wrapped(campaign)),
        ),
      }),
    });
  }

  /** A solution whose only use is to find users for items says enough about its recipe. */
  private recipeOf(section: Json, { recipeArn, performAutoML }: Json): Json {
    const { batchSegmentJobs, campaigns, batchInferenceJobs } = section;
    const onlySegments = batchSegmentJobs !== undefined && !campaigns && !batchInferenceJobs;
    if (!this.isForeign || recipeArn !== undefined || performAutoML || !onlySegments) return {};
    this.note(
      section.serviceConfig,
      [],
      'recipeArn is missing; it has segment jobs, so it is aws-item-affinity',
    );
    return { recipeArn: 'arn:aws:personalize:::recipe/aws-item-affinity' };
  }

  /** `solutionVersion` says how versions are trained and tagged; each version gets a name of its own. */
  private trainingOf(section: Json, solutionVersion: unknown): Json {
    if (!isObject(solutionVersion)) return {};
    this.isForeign = true;
    const { name, trainingMode, tags, ...unknown } = solutionVersion;
    if (name !== undefined) {
      this.note(solutionVersion, ['name'], 'each version is given a name of its own: left out');
    }
    return {
      workflowConfig: this.from(solutionVersion, {
        ...(isObject(section.workflowConfig) && section.workflowConfig),
        ...(trainingMode !== undefined && { trainingMode }),
        ...(tags !== undefined && { tags }),
        ...unknown,
      }),
    };
  }
}
