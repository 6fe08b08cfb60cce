import { decodeQuery, queryResponse } from '../../../src/wire/query';

test('members, maps and nested structures are read from the form', () => {
  const form =
    'Action=CreateStack&Version=2010-05-15&StackName=s&Tags.member.2.Key=b&Tags.member.1.Key=a&Tags.member.1.Value=1' +
    '&Attributes.entry.1.key=Policy&Attributes.entry.1.value=%7B%7D';
  expect(decodeQuery(form)).toEqual({
    action: 'CreateStack',
    input: { StackName: 's', Tags: [{ Key: 'a', Value: '1' }, { Key: 'b' }], Attributes: { Policy: '{}' } },
  });
});

test('a form without an action is refused', () => {
  expect(() => decodeQuery('StackName=s')).toThrow('Action');
});

test('maps are lists of entries, so that a key may be anything', () => {
  const output = { Attributes: { 'a key': '1', Policy: '{}' }, Other: { Name: 'x' } };
  const { body } = queryResponse('GetIt', output, 'urn:x', 'id-1', new Set(['Attributes']));
  expect(String(body)).toContain(
    '<Attributes><entry><key>a key</key><value>1</value></entry><entry><key>Policy</key><value>{}</value></entry>' +
      '</Attributes><Other><Name>x</Name></Other>',
  );
});

test('answers are XML with member lists, ISO times and escaped text', () => {
  const output = { Stacks: [{ Name: 'a<b&', At: new Date(0), Gone: undefined }], Empty: [] };
  const { body } = queryResponse('DescribeStacks', output, 'urn:x', 'id-1');
  expect(String(body)).toBe(
    '<DescribeStacksResponse xmlns="urn:x"><DescribeStacksResult><Stacks><member><Name>a&lt;b&amp;</Name>' +
      '<At>1970-01-01T00:00:00.000Z</At></member></Stacks><Empty/></DescribeStacksResult>' +
      '<ResponseMetadata><RequestId>id-1</RequestId></ResponseMetadata></DescribeStacksResponse>',
  );
});
