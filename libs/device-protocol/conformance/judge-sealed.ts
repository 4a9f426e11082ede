import { fromBase64url, utf8, type Bytes } from '../base64.ts';
import { captureInfo, cardInfo } from '../binding-text.ts';
import { unpackCapture } from '../container.ts';
import { openWith, unpackSealed, type Sealed } from '../hpke.ts';
import { PURPOSES, type CaptureBinding, type CardBinding } from '../purpose.ts';
import { finding, type Finding } from './finding.ts';

export type PrivateKeyOf = (keyId: string) => CryptoKey | 'untrusted' | undefined;

/** A capture, opened as the zone would open it; where it does not open, what it was sealed for instead. */
export async function judgeCapture(
  sealed: string,
  binding: CaptureBinding,
  keyOf: PrivateKeyOf,
): Promise<readonly Finding[]> {
  const opened = await openSealed(
    sealed,
    keyOf,
    (keyId) => captureInfo(binding, keyId),
    (keyId) => {
      return otherInfos(binding, keyId);
    },
  );
  if ('findings' in opened) return opened.findings;
  const capture = unpackCapture(opened.plaintext);
  const findings = capture === undefined ? [finding('container', whyNoContainer(opened.plaintext))] : [];
  const pictures = [capture?.visible, capture?.nearInfrared].filter((one) => one !== undefined);
  if (pictures.some((picture) => !isPicture(picture))) {
    findings.push(finding('container', 'a picture in it is neither PNG nor JPEG'));
  }
  opened.plaintext.fill(0);
  return findings;
}

export async function judgeCard(
  sealed: string,
  binding: CardBinding,
  keyOf: PrivateKeyOf,
): Promise<readonly Finding[]> {
  const opened = await openSealed(
    sealed,
    keyOf,
    (keyId) => cardInfo(binding, keyId),
    (keyId) => {
      return respelled(cardInfo(binding, keyId));
    },
  );
  if ('findings' in opened) return opened.findings;
  const findings = cardFindings(opened.plaintext);
  opened.plaintext.fill(0);
  return findings;
}

type OtherInfo = readonly [what: string, info: Bytes];

async function openSealed(
  text: string,
  keyOf: PrivateKeyOf,
  infoOf: (keyId: string) => Bytes,
  others: (keyId: string) => readonly OtherInfo[],
): Promise<{ plaintext: Bytes } | { findings: readonly Finding[] }> {
  const packed = unpackSealed(text);
  if (packed === undefined) return { findings: [finding('sealed-form', whyNotPacked(text))] };
  const key = keyOf(packed.keyId);
  if (key === 'untrusted') {
    return {
      findings: [finding('key-of-the-day', 'sealed to a key whose signature does not verify under the root key')],
    };
  }
  if (key === undefined) {
    return {
      findings: [finding('key-of-the-day', `"${packed.keyId}" is not the id of a key that was given for this`)],
    };
  }
  const plaintext = await openWith(key, infoOf(packed.keyId), packed);
  if (plaintext !== undefined) return { plaintext };
  return { findings: [finding('info', await whyClosed(key, packed, infoOf(packed.keyId), others(packed.keyId)))] };
}

function whyNotPacked(text: string): string {
  const bytes = fromBase64url(text);
  if (bytes === undefined) return 'not base64url without padding';
  if (bytes[0] !== 1) return `the first byte is ${bytes[0] ?? 'missing'}, and must be 1`;
  return 'after the byte 1: length of the key id, key id, 32 bytes of enc, ciphertext; this is too short or has another key id';
}

async function whyClosed(key: CryptoKey, packed: Sealed, wanted: Bytes, others: readonly OtherInfo[]): Promise<string> {
  for (const [what, info] of others) {
    const opened = await openWith(key, info, packed);
    opened?.fill(0);
    if (opened !== undefined) return `it is sealed ${what}`;
  }
  return `it does not open; info must be ${JSON.stringify(new TextDecoder().decode(wanted))}, with empty aad`;
}

/** What devices get wrong, each tried. */
function otherInfos(binding: CaptureBinding, keyId: string): readonly OtherInfo[] {
  const { amount, currency: _currency, ...rest } = binding;
  const purposes = PURPOSES.filter((purpose) => purpose !== binding.purpose);
  return [
    ...respelled(captureInfo(binding, keyId)),
    ...(amount === undefined ? [] : [['without amount and currency', captureInfo(rest, keyId)] as const]),
    ...(amount === undefined
      ? []
      : [[`for another amount (${amount * 100})`, captureInfo({ ...binding, amount: amount * 100 }, keyId)] as const]),
    ...purposes.map(
      (purpose) => [`for "${purpose}", not "${binding.purpose}"`, captureInfo({ ...binding, purpose }, keyId)] as const,
    ),
    ['with an empty idempotency key', captureInfo({ ...binding, request: '' }, keyId)],
    [
      'with device and merchant exchanged',
      captureInfo({ ...binding, device: binding.merchant, merchant: binding.device }, keyId),
    ],
  ];
}

function respelled(info: Bytes): readonly OtherInfo[] {
  const text = new TextDecoder().decode(info);
  return [
    ['with a line feed at the end of info', utf8(`${text}\n`)],
    ['with CRLF in info', utf8(text.replaceAll('\n', '\r\n'))],
    ['without the empty lines of info', utf8(text.replaceAll(/\n+/g, '\n'))],
    ['with an empty info', new Uint8Array()],
  ];
}

function whyNoContainer(bytes: Bytes): string {
  if (isPicture(bytes)) return 'the picture is sealed as it is; it goes into a container (PLC1, kind, length, picture)';
  if (new TextDecoder('latin1').decode(bytes.subarray(0, 4)) !== 'PLC1') return 'it does not begin with PLC1';
  return 'kinds (1, then 2, each once), lengths (4 bytes, big-endian) or its end do not fit';
}

function isPicture(bytes: Uint8Array): boolean {
  const starts = (...magic: readonly number[]): boolean => magic.every((byte, at) => bytes[at] === byte);
  return starts(0x89, 0x50, 0x4e, 0x47) || starts(0xff, 0xd8, 0xff);
}

function cardFindings(bytes: Bytes): readonly Finding[] {
  const padded =
    bytes.length === 256 ? [] : [finding('card', `it has ${bytes.length} bytes; filled with spaces it has 256`)];
  try {
    const { pan, expiry } = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Record<
      string,
      unknown
    >;
    return [
      ...padded,
      ...(typeof pan === 'string' && /^\d{12,19}$/.test(pan)
        ? []
        : [finding('card', 'pan must be 12 to 19 digits as a text')]),
      ...(typeof expiry === 'string' && /^\d{4}-(0[1-9]|1[0-2])$/.test(expiry)
        ? []
        : [finding('card', 'expiry must be YYYY-MM')]),
    ];
  } catch {
    return [...padded, finding('card', 'it is no JSON object with pan and expiry')];
  }
}
