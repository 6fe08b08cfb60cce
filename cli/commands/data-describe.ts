// data describe: what is in files of interactions, items and users, and whether Amazon Personalize would take them.
import type { Command } from '../command';
import { describeFiles, isRight } from '../data/describe';
import { describeReport, describeText } from '../data/describe-text';
import { givenSchemas } from '../data/given-schemas';
import { writeText } from '../data/write';
import { langOption, languageOf } from '../language';
import { both } from '../text';

export const dataDescribe: Command = {
  name: 'data describe',
  summary: both(
    'Checks every row of CSV files and tells what is in them, before anything is uploaded.',
    '올리기 전에 CSV 파일의 모든 행을 검사하고 내용을 알려 줍니다.',
  ),
  positionals: ['FILE …'],
  options: {
    schema: {
      type: 'string',
      value: 'FILES',
      description: both(
        'Avro schemas to check by, separated by commas (default: suggested ones)',
        '검사에 쓸 Avro 스키마, 쉼표로 구분 (기본값: 제안된 스키마)',
      ),
    },
    report: {
      type: 'string',
      value: 'FILE',
      description: both('write a report with charts as HTML', '차트가 있는 보고서를 HTML로 씀'),
    },
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
