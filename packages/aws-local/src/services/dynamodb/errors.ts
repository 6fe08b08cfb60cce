// Errors in the form that dynalite's own actions use, for what our store answers to them.

export function tableNotFound(): Error {
  return Object.assign(new Error('Requested resource not found'), {
    statusCode: 400,
    body: {
      __type: 'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException',
      message: 'Requested resource not found',
    },
  });
}
