import type { SignedRequest } from '#libs/device-protocol/headers.ts';
import type { CallerRequest } from '../http/write.ts';

/** The request as the device signed it. The host is what the device called, which the verifier holds against ours. */
export function signedRequest(request: CallerRequest, publicUrl: string): SignedRequest {
  const { protocol } = new URL(publicUrl);
  const headers = Object.entries(request.headers).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value]] : [],
  );
  return {
    method: request.method,
    url: `${protocol}//${request.headers.host ?? ''}${request.url}`,
    headers: Object.fromEntries(headers) as Record<string, string>,
    body: request.rawBody ?? new Uint8Array(),
  };
}
