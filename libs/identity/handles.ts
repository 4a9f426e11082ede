import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/**
 * Something that its holder gives back and cannot read: an enrolment, a cursor. AES-256-GCM under the service's own secret,
 * bound to what it is for and to who may present it.
 */
export function sealHandle(secret: Uint8Array, purpose: string, holder: string, content: object): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', secret, nonce);
  cipher.setAAD(Buffer.from(`${purpose}\n${holder}`));
  const sealed = Buffer.concat([cipher.update(JSON.stringify(content), 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, sealed, cipher.getAuthTag()]).toString('base64url');
}

/** The content, or undefined where it was altered, is for something else, or is presented by somebody else. */
export function openHandle<T extends object>(
  secret: Uint8Array,
  purpose: string,
  holder: string,
  handle: string,
): T | undefined {
  const bytes = Buffer.from(handle, 'base64url');
  if (bytes.length < 12 + 16 || bytes.length > 4_096) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', secret, bytes.subarray(0, 12), { authTagLength: 16 });
  decipher.setAAD(Buffer.from(`${purpose}\n${holder}`));
  decipher.setAuthTag(bytes.subarray(-16));
  try {
    const opened = Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]);
    return JSON.parse(opened.toString('utf8')) as T;
  } catch {
    return undefined;
  }
}
