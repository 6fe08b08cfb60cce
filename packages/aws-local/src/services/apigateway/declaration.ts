// Amazon API Gateway, version 2.
import type { ServiceDeclaration } from '../../declaration';
import { createApiGateway } from '.';
import { api, integration, route, stage } from './resources';

export const apiGateway: ServiceDeclaration = {
  id: 'apigateway',
  title: 'Amazon API Gateway (HTTP APIs)',
  alsoSignedAs: ['execute-api'],
  protocol: 'rest-json',
  resources: {
    'AWS::ApiGatewayV2::Api': api,
    'AWS::ApiGatewayV2::Integration': integration,
    'AWS::ApiGatewayV2::Route': route,
    'AWS::ApiGatewayV2::Stage': stage,
  },
  create: createApiGateway,
  differences: [
    'HTTP APIs with Lambda proxy integrations (payload format 2.0) only: no REST or WebSocket APIs, authorizers or custom domains.',
    'APIs are made and changed through CloudFormation; over HTTP they can be read.',
  ],
};
