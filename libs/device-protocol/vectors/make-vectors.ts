import { fromBase64url, toBase64, toBase64url, utf8, type Bytes } from '../base64.ts';
import { captureInfo, cardInfo } from '../binding-text.ts';
import { packCapture } from '../container.ts';
import { contentDigest, requestPrint } from '../content-digest.ts';
import { packSealed, suite } from '../hpke.ts';
import type { CaptureBinding, CardBinding } from '../purpose.ts';
import { signRequest, type ToSign } from '../sign-request.ts';
import { coveredComponents, signatureBase, signatureParams } from '../signature-base.ts';
import { signedKeyText, signKey } from '../signed-key.ts';
import { ed25519, ephemeral, fixedBytes, x25519 } from './vector-keys.ts';

const CREATED = new Date('2026-11-24T15:00:00.000Z');
const NONCE = 'AAECAwQFBgcICQoLDA0ODw';

/** Everything that a device must come out at, with keys that are fixed; written to docs/ and held to by a spec. */
export async function makeVectors() {
  const device = await ed25519(fixedBytes(1));
  const root = await ed25519(fixedBytes(2));
  const zone = await x25519(fixedBytes(3));
  const key = { keyId: 'day-1', publicKey: zone.publicKey };
  const signer = device.signer;
  return {
    about:
      'Test vectors of the PalmLedger device protocol; docs/devices.md explains them. The keys are for tests alone.',
    keys: {
      device: { algorithm: 'Ed25519', privateKey: device.privateKey, publicKey: device.publicKey },
      root: { algorithm: 'Ed25519', privateKey: root.privateKey, publicKey: root.publicKey },
      zone: { algorithm: 'X25519', ...key, privateKey: zone.privateKey },
    },
    requests: [
      await request('a payment', signer, {
        method: 'POST',
        url: 'https://palm.example/device/v1/payments',
        body: utf8('{"ticket":"ticket","amount":1250,"currency":"EUR"}'),
        idempotencyKey: 'request-1',
        last: 'value-1',
        keyid: 'device1',
      }),
      await request('no body, with a query', signer, {
        method: 'GET',
        url: 'https://palm.example:8443/device/v1/payments/p1?wait=42',
        last: 'value-2',
        keyid: 'device1',
      }),
      await request('an activation', signer, {
        method: 'POST',
        url: 'http://localhost:3000/device/v1/activations',
        body: utf8(JSON.stringify({ code: 'CODE', publicKey: device.publicKey })),
        idempotencyKey: 'request-0',
        last: 'none',
        keyid: 'activation',
      }),
    ],
    keyOfTheDay: await keyOfTheDay(key, root.signer),
    containers: containers(),
    captures: [
      await capture(key, {
        device: 'device1',
        merchant: 'merchant1',
        purpose: 'pay',
        amount: 1250,
        currency: 'EUR',
        request: 'request-1',
      }),
      await capture(key, { device: 'device1', merchant: 'merchant1', purpose: 'enter', request: 'request-2' }),
    ],
    card: await card(key, { sender: 'device1', request: 'request-3' }),
  };
}

async function request(name: string, privateKey: CryptoKey, asked: Omit<ToSign, 'privateKey' | 'created' | 'nonce'>) {
  const headers = await signRequest({ ...asked, privateKey, created: CREATED, nonce: NONCE });
  const { method, url, body = new Uint8Array(), keyid } = asked;
  const components = coveredComponents(headers, body.length > 0);
  const params = signatureParams(components, { created: CREATED.getTime() / 1000, nonce: NONCE, keyid });
  return {
    name,
    method,
    url,
    body: new TextDecoder().decode(body),
    contentDigest: await contentDigest(body),
    signatureBase: signatureBase({ method, url, headers }, components, params),
    headers,
    requestPrint: await requestPrint({ method, url, headers }),
  };
}

async function keyOfTheDay(key: { keyId: string; publicKey: string }, signer: CryptoKey) {
  const unsigned = { ...key, notBefore: '2026-11-24T00:00:00.000Z', notAfter: '2026-11-25T01:00:00.000Z' };
  const text = new TextDecoder().decode(signedKeyText('capture', unsigned));
  return { signedText: text, key: await signKey('capture', unsigned, signer) };
}

const VISIBLE = utf8('a visible picture');
const NEAR_INFRARED = utf8('a near infrared picture');

function containers() {
  const both = packCapture({ visible: VISIBLE, nearInfrared: NEAR_INFRARED });
  const pictures = { visible: toBase64(VISIBLE), nearInfrared: toBase64(NEAR_INFRARED) };
  return {
    valid: [
      { ...pictures, container: toBase64(both) },
      { visible: pictures.visible, container: toBase64(packCapture({ visible: VISIBLE })) },
    ],
    refused: [
      { why: 'cut short', container: toBase64(both.subarray(0, -1)) },
      { why: 'something after its end', container: toBase64(new Uint8Array([...both, 0])) },
      { why: 'no picture', container: toBase64(both.subarray(0, 4)) },
      { why: 'an unknown kind', container: toBase64(new Uint8Array([...both.subarray(0, 4), 3, 0, 0, 0, 1, 0])) },
      { why: 'an empty picture', container: toBase64(new Uint8Array([...both.subarray(0, 4), 1, 0, 0, 0, 0])) },
    ],
  };
}

async function capture(key: { keyId: string; publicKey: string }, binding: CaptureBinding) {
  const container = packCapture({ visible: VISIBLE, nearInfrared: NEAR_INFRARED });
  const info = captureInfo(binding, key.keyId);
  return {
    binding,
    info: new TextDecoder().decode(info),
    plaintext: toBase64(container),
    ...(await sealed(key, info, container)),
  };
}

async function card(key: { keyId: string; publicKey: string }, binding: CardBinding) {
  const plaintext = new Uint8Array(256).fill(0x20);
  plaintext.set(utf8('{"pan":"4242424242424242","expiry":"2031-04"}'));
  const info = cardInfo(binding, key.keyId);
  return {
    binding,
    info: new TextDecoder().decode(info),
    plaintext: toBase64(plaintext),
    ...(await sealed(key, info, plaintext)),
  };
}

/** With a fixed ephemeral key, so that a maker can compare byte by byte; outside of vectors it is random. */
async function sealed({ keyId, publicKey }: { keyId: string; publicKey: string }, info: Bytes, plaintext: Bytes) {
  const hpke = suite();
  const recipientPublicKey = await hpke.kem.deserializePublicKey(fromBase64url(publicKey)!);
  const ekm = await ephemeral(fixedBytes(4));
  const { enc, ct } = await hpke.seal({ recipientPublicKey, info, ekm }, plaintext);
  return {
    ephemeralPrivateKey: toBase64url(fixedBytes(4)),
    sealed: packSealed({ keyId, enc: new Uint8Array(enc), ciphertext: new Uint8Array(ct) }),
  };
}

export type Vectors = Awaited<ReturnType<typeof makeVectors>>;
