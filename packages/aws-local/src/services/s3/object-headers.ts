// Headers that travel with an object and are kept with it.

/** Headers that S3 keeps with an object, and the API's member for each. */
export const OBJECT_HEADERS = {
  'content-type': 'ContentType',
  'cache-control': 'CacheControl',
  'content-disposition': 'ContentDisposition',
  'content-encoding': 'ContentEncoding',
  'content-language': 'ContentLanguage',
  expires: 'Expires',
  'x-amz-website-redirect-location': 'WebsiteRedirectLocation',
} as const;

/** What a person's own metadata begin with. */
export const METADATA_PREFIX = 'x-amz-meta-';
