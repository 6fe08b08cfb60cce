// data describe: what is in files of interactions, items and users, and whether Amazon Personalize would take them.
import type { Command } from '../command';
import { describeFiles, isRight } from '../data/describe';
import { describeReport, describeText } from '../data/describe-text';
import { givenSchemas } from '../data/given-schemas';
import { writeText } from '../data/write';
import { langOption, languageOf } from '../language';

export const dataDescribe: Command = {
  name: 'data describe',
  summary: 'Checks every row of CSV files and tells what is in them, before anything is uploaded.',
  positionals: ['FILE …'],
  options: {
    schema: {
      type: 'string',
      value: 'FILES',
      description: 'Avro schemas to check by, separated by commas (default: suggested ones)',
    },
    report: { type: 'string', value: 'FILE', description: 'write a report with charts as HTML' },
    lang: langOption,
  },
  async run(values, files, rim) {
    const language = languageOf(values);
    const schemas = await givenSchemas(values.schema as string | undefined);
    const descriptions = await describeFiles(files, schemas, rim);
    const { report } = values;
    if (report !== undefined) await writeText(String(report), describeReport(descriptions, language));
    const text = describeText(descriptions, language);
    return {
      text: report === undefined ? text : `${text}\n\n${report}`,
      json: descriptions,
      exitCode: descriptions.every(isRight) ? 0 : 1,
    };
  },
};
