import type { Attributes } from '@opentelemetry/api';
import { SDK_NAME, SDK_VERSION } from '../version.ts';

/** What Chromium tells beside the long text of the user agent. */
interface UserAgentData {
  readonly brands: readonly { readonly brand: string; readonly version: string }[];
  readonly mobile: boolean;
  readonly platform: string;
}

/** Describes this page and its browser, after OpenTelemetry's semantic conventions for resources. */
export function pageResource(serviceName: string, attributes: Attributes | undefined): Attributes {
  const { userAgent, language } = navigator;
  const { userAgentData: data } = navigator as { readonly userAgentData?: UserAgentData };
  return {
    'user_agent.original': userAgent,
    'browser.language': language,
    ...(data !== undefined && {
      'browser.brands': data.brands.map(({ brand, version }) => `${brand} ${version}`),
      'browser.mobile': data.mobile,
      'browser.platform': data.platform,
    }),
    ...attributes,
    'service.name': serviceName,
    'telemetry.sdk.name': SDK_NAME,
    'telemetry.sdk.language': 'webjs',
    'telemetry.sdk.version': SDK_VERSION,
  };
}
