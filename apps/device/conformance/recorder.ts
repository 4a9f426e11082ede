import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Judged, StandIn } from '#libs/device-protocol/conformance/stand-in.ts';
import type { SignedRequest } from '#libs/device-protocol/headers.ts';

const MOST_BYTES = 30 * 1024 * 1024;

/** Receives a device's requests, one at a time, and tells each judgement. Keeps no body. */
export function record(standIn: StandIn, told: (judged: Judged) => void): Server {
  let turn: Promise<unknown> = Promise.resolve();
  return createServer((http, reply) => {
    turn = turn
      .then(async () => {
        const request = await signedRequest(http);
        if (request === undefined) return void reply.writeHead(413).end();
        const judged = await standIn.receive(request);
        told(judged);
        if (judged.answer === undefined) return void http.socket.destroy();
        const { status, headers, body } = judged.answer;
        const type = status < 300 ? 'application/json' : 'application/problem+json';
        reply.writeHead(status, { ...headers, 'content-type': type }).end(JSON.stringify(body));
      })
      .catch(() => void http.socket.destroy());
  });
}

async function signedRequest(http: IncomingMessage): Promise<SignedRequest | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of http) {
    size += (chunk as Buffer).length;
    if (size > MOST_BYTES) return undefined;
    chunks.push(chunk as Buffer);
  }
  const headers = Object.entries(http.headers).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value]] : [],
  );
  const host = http.headers.host ?? 'none';
  const url = /^https?:/.test(http.url ?? '') ? http.url! : `http://${host}${http.url ?? '/'}`;
  return {
    method: http.method ?? 'GET',
    url,
    headers: Object.fromEntries(headers) as Record<string, string>,
    body: Uint8Array.from(Buffer.concat(chunks)),
  };
}
