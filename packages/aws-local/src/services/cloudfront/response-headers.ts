// What a response headers policy adds, replaces and removes.
import type { ResponseHeadersPolicyConfig } from './config';

export function applyHeadersPolicy(
  headers: Record<string, string | string[]>,
  policy: ResponseHeadersPolicyConfig | undefined,
): void {
  if (!policy) return;
  for (const { Header } of policy.RemoveHeadersConfig) delete headers[Header.toLowerCase()];
  const put = (name: string, value: string, override: boolean) => {
    if (override || headers[name] === undefined) headers[name] = value;
  };
  const security = policy.SecurityHeadersConfig;
  if (security?.ContentSecurityPolicy) {
    put(
      'content-security-policy',
      security.ContentSecurityPolicy.ContentSecurityPolicy,
      security.ContentSecurityPolicy.Override,
    );
  }
  if (security?.ContentTypeOptions)
    put('x-content-type-options', 'nosniff', security.ContentTypeOptions.Override);
  if (security?.FrameOptions)
    put('x-frame-options', security.FrameOptions.FrameOption, security.FrameOptions.Override);
  if (security?.ReferrerPolicy)
    put('referrer-policy', security.ReferrerPolicy.ReferrerPolicy, security.ReferrerPolicy.Override);
  if (security?.StrictTransportSecurity) {
    const { AccessControlMaxAgeSec, IncludeSubdomains, Preload, Override } = security.StrictTransportSecurity;
    const value = `max-age=${AccessControlMaxAgeSec}${IncludeSubdomains ? '; includeSubDomains' : ''}${Preload ? '; preload' : ''}`;
    put('strict-transport-security', value, Override);
  }
  if (security?.XSSProtection) {
    const { Protection, ModeBlock, Override } = security.XSSProtection;
    put('x-xss-protection', Protection ? `1${ModeBlock ? '; mode=block' : ''}` : '0', Override);
  }
  for (const { Header, Value, Override } of policy.CustomHeadersConfig)
    put(Header.toLowerCase(), Value, Override);
}
