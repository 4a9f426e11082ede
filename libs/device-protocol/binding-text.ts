import { utf8, type Bytes } from './base64.ts';
import { PURPOSES, type CaptureBinding, type CardBinding } from './purpose.ts';

/** HPKE's `info` of a capture: fixed order, one field a line, an empty line for what is not there. */
export function captureInfo(binding: CaptureBinding, keyId: string): Bytes {
  const { device, merchant, purpose, amount, currency, request } = binding;
  if (!PURPOSES.includes(purpose)) throw new TypeError('not a purpose');
  if ((amount === undefined) !== (currency === undefined)) throw new TypeError('amount and currency go together');
  if (amount !== undefined && !(Number.isSafeInteger(amount) && amount > 0)) throw new TypeError('not an amount');
  return lines('palmledger capture 1', keyId, device, merchant, purpose, `${amount ?? ''}`, currency ?? '', request);
}

/** HPKE's `info` of a card number. */
export function cardInfo({ sender, request }: CardBinding, keyId: string): Bytes {
  return lines('palmledger card 1', keyId, sender, request);
}

/** A field with a line's end in it could pass for two. */
function lines(...fields: readonly string[]): Bytes {
  if (fields.some((field) => /[\u0000-\u001f\u007f]/.test(field)))
    throw new TypeError('a control character in a field');
  return utf8(fields.join('\n'));
}
