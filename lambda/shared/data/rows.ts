// All rows of a query or a scan, page after page. The SDK's paginators do the same, but take no client other than their own class's.
import type { AttributeValue, QueryCommandOutput } from '@aws-sdk/client-dynamodb';

type Row = Record<string, AttributeValue>;
/** A page of a query or a scan that begins behind `from`. */
type ReadPage = (from: Row | undefined) => Promise<Pick<QueryCommandOutput, 'Items' | 'LastEvaluatedKey'>>;

export async function* pagesOf(read: ReadPage): AsyncGenerator<readonly Row[]> {
  let from: Row | undefined;
  do {
    const page = await read(from);
    yield page.Items ?? [];
    from = page.LastEvaluatedKey;
  } while (from);
}

export async function* rowsOf(read: ReadPage): AsyncGenerator<Row> {
  for await (const rows of pagesOf(read)) yield* rows;
}
